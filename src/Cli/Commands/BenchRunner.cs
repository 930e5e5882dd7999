using System.Diagnostics;
using Hotplug.Cli.Output;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;

namespace Hotplug.Cli.Commands;

/// <summary>Runs the steps of a benchmark: a prompt in one go, or tokens one by one, always from an empty context.</summary>
internal sealed class BenchRunner
{
    private readonly LanguageModel _model;
    private readonly StepBatch _batch = new();
    private readonly int[] _tokens;

    public BenchRunner(LanguageModel model)
    {
        _model = model;
        var random = new Random(1);
        _tokens = new int[model.Context];
        for (var i = 0; i < _tokens.Length; i++) _tokens[i] = random.Next(model.Source.Description.VocabularySize);
    }

    /// <summary>Evaluates a prompt.</summary>
    public void Prefill(int count, CancellationToken cancellation)
    {
        using var sequence = _model.Executor.NewSequence();
        for (var first = 0; first < count;)
        {
            var chunk = Math.Min(_model.Executor.Largest.Tokens, count - first);
            _batch.Clear();
            _batch.Add(sequence, _tokens.AsSpan(first, chunk), first + chunk == count ? 1 : 0);
            _model.Executor.Run(_batch, cancellation);
            first += chunk;
        }
    }

    /// <summary>Evaluates tokens one by one.</summary>
    public void Decode(int count, CancellationToken cancellation)
    {
        using var sequence = _model.Executor.NewSequence();
        for (var i = 0; i < count; i++)
        {
            _batch.Clear();
            _batch.Add(sequence, _tokens.AsSpan(i, 1), 1);
            _model.Executor.Run(_batch, cancellation);
        }
    }

    /// <summary>Repeats one of them.</summary>
    public BenchDocument.Series Measure(int tokens, int runs, Action<int, CancellationToken> run, CancellationToken cancellation)
    {
        run(tokens, cancellation);
        var speeds = new double[runs];
        long allocated = 0;
        for (var i = 0; i < runs; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            run(tokens, cancellation);
            speeds[i] = tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        return new(tokens, speeds.Order().ElementAt(runs / 2), speeds, (double)allocated / tokens);
    }
}
