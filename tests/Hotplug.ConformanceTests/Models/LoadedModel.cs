using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.KvCache;

namespace Hotplug.ConformanceTests.Models;

/// <summary>A loaded model and one sequence on it. Owns both.</summary>
internal sealed class LoadedModel(LanguageModel model) : IDisposable
{
    private readonly KvSequence _sequence = model.Executor.NewSequence();
    private readonly StepBatch _batch = new();

    public LanguageModel Model => model;

    /// <summary>Appends tokens, so many in a step, and gives the logits of all of them.</summary>
    public float[] Append(ReadOnlySpan<int> tokens, int tokensPerStep)
    {
        var columns = model.Executor.OutputColumns;
        var logits = new float[tokens.Length * columns];
        for (var first = 0; first < tokens.Length; first += tokensPerStep)
        {
            var count = Math.Min(tokensPerStep, tokens.Length - first);
            Run(tokens.Slice(first, count), count);
            for (var row = 0; row < count; row++) model.Executor.Output(row).CopyTo(logits.AsSpan((first + row) * columns));
        }
        return logits;
    }

    /// <summary>Appends tokens and gives the logits of the last. Valid until the next step.</summary>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens)
    {
        Run(tokens, 1);
        return model.Executor.Output(0);
    }

    /// <summary>Forgets all tokens.</summary>
    public void Restart() => _sequence.Truncate(0);

    public void Dispose()
    {
        _sequence.Dispose();
        model.Dispose();
    }

    private void Run(ReadOnlySpan<int> tokens, int outputs)
    {
        _batch.Clear();
        _batch.Add(_sequence, tokens, outputs);
        model.Executor.Run(_batch);
    }
}
