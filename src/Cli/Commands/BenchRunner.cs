using System.Diagnostics;
using Hotplug.Cli.Output;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.KvCache;

namespace Hotplug.Cli.Commands;

/// <summary>Runs the steps of a benchmark: a prompt in one go, or tokens one by one, always behind the same number of tokens that are in the cache already. Dispose it before the model.</summary>
internal sealed class BenchRunner : IDisposable
{
    private readonly LanguageModel _model;
    private readonly StepBatch _batch = new();
    private readonly KvSequence _sequence;
    private readonly int[] _tokens;
    private readonly int _depth;

    /// <summary>A runner.</summary>
    /// <param name="model">The model; its context holds the depth and what is measured.</param>
    /// <param name="depth">Tokens that are in the cache before anything is measured; they are evaluated at the first run.</param>
    public BenchRunner(LanguageModel model, int depth)
    {
        _model = model;
        _depth = depth;
        var random = new Random(1);
        _tokens = new int[model.Context];
        for (var i = 0; i < _tokens.Length; i++) _tokens[i] = random.Next(model.Source.Description.VocabularySize);
        _sequence = model.Executor.NewSequence();
    }

    /// <summary>Evaluates a prompt.</summary>
    public void Prefill(int count, CancellationToken cancellation)
    {
        for (var end = _sequence.Length + count; _sequence.Length < end;)
        {
            var chunk = Math.Min(_model.Executor.Largest.Tokens, end - _sequence.Length);
            Step(chunk, _sequence.Length + chunk == end ? 1 : 0, cancellation);
        }
    }

    /// <summary>Evaluates tokens one by one.</summary>
    public void Decode(int count, CancellationToken cancellation)
    {
        for (var i = 0; i < count; i++) Step(1, 1, cancellation);
    }

    /// <summary>Repeats one of them.</summary>
    /// <param name="tokens">Tokens of a run.</param>
    /// <param name="runs">Runs that count.</param>
    /// <param name="warmUp">True for one before them that does not.</param>
    /// <param name="run">Evaluates the tokens.</param>
    /// <param name="cancellation">Ends it.</param>
    public BenchDocument.Series Measure(int tokens, int runs, bool warmUp, Action<int, CancellationToken> run, CancellationToken cancellation)
    {
        Rewind(cancellation);
        if (warmUp) run(tokens, cancellation);
        var speeds = new double[runs];
        long allocated = 0;
        for (var i = 0; i < runs; i++)
        {
            Rewind(cancellation);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            run(tokens, cancellation);
            speeds[i] = tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        return new(tokens, speeds.Order().ElementAt(runs / 2), speeds, (double)allocated / tokens);
    }

    public void Dispose() => _sequence.Dispose();

    private void Rewind(CancellationToken cancellation)
    {
        _sequence.Truncate(Math.Min(_depth, _sequence.Length));
        Prefill(_depth - _sequence.Length, cancellation);
    }

    private void Step(int tokens, int outputs, CancellationToken cancellation)
    {
        _batch.Clear();
        _batch.Add(_sequence, _tokens.AsSpan(_sequence.Length, tokens), outputs);
        _model.Executor.Run(_batch, cancellation);
    }
}
