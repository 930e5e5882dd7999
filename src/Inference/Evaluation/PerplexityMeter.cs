using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.KvCache;

namespace Hotplug.Inference.Evaluation;

/// <summary>
/// Measures perplexity as llama.cpp does, so that numbers compare: the text is cut into chunks of a whole context, each begun with the token that begins sequences if the model wants it
/// in place of its own first one, and the tokens of the second half are scored but for the last. Uses the executor of a model; one at a time.
/// </summary>
public sealed class PerplexityMeter
{
    /// <summary>Tokens of a chunk where none are asked for.</summary>
    public const int DefaultContext = 512;

    // Rows of logits in one step: 64 of a vocabulary of 150,000 are 37 MiB.
    private const int RowsPerStep = 64;

    private readonly LanguageModel _model;
    private readonly StepBatch _batch = new();
    private double _sum, _squares;
    private int _chunks, _tokens;

    /// <summary>A meter that has measured nothing.</summary>
    /// <param name="model">A model that writes text, loaded with <see cref="Options"/>; its context is that of the chunks.</param>
    public PerplexityMeter(LanguageModel model) => _model = model;

    /// <summary>What has been measured so far.</summary>
    public PerplexityEstimate Estimate
    {
        get
        {
            var mean = _sum / _tokens;
            var variance = Math.Max(0, _squares / _tokens - mean * mean);
            return new(Math.Exp(mean), Math.Exp(mean) * Math.Sqrt(variance / Math.Max(1, _tokens - 1)), _chunks, _tokens);
        }
    }

    /// <summary>Options for a model that is to be measured.</summary>
    public static ModelOptions Options(ModelOptions options)
    {
        var context = options.Context ?? DefaultContext;
        return options with { Context = context, BatchTokens = Math.Min(options.BatchTokens, context), BatchOutputs = Math.Min(RowsPerStep, Math.Min(options.BatchTokens, context)) };
    }

    /// <summary>Cuts a text into chunks. A line break at its end does not count.</summary>
    /// <exception cref="ArgumentException">The text is shorter than two chunks.</exception>
    public IReadOnlyList<ReadOnlyMemory<int>> Cut(string text)
    {
        var tokens = _model.Tokenizer.Encode(text.EndsWith('\n') ? text[..^1] : text, addSpecial: true, parseSpecial: false);
        if (tokens.Length < 2 * _model.Context)
            throw new ArgumentException($"The text has {tokens.Length} tokens, and two chunks of {_model.Context} are the least. Give a longer text, or a shorter --context.");
        return [.. Enumerable.Range(0, tokens.Length / _model.Context).Select(i => (ReadOnlyMemory<int>)tokens.AsMemory(i * _model.Context, _model.Context))];
    }

    /// <summary>Measures one chunk.</summary>
    public void Measure(ReadOnlySpan<int> chunk, CancellationToken cancellation = default)
    {
        var tokens = chunk.ToArray();
        var tokenizer = _model.Tokenizer;
        if (tokenizer.AddsBeginningOfSequence && tokenizer.BeginningOfSequence is { } begin) tokens[0] = begin;
        var executor = _model.Executor;
        using var sequence = executor.NewSequence();
        var first = tokens.Length / 2;
        for (var at = 0; at < first;) at += Run(sequence, tokens.AsSpan(at, Math.Min(executor.Largest.Tokens, first - at)), 0, cancellation);
        // The last token is foretold by none, and what it foretells is in the next chunk.
        for (var at = first; at < tokens.Length - 1;)
        {
            var count = Run(sequence, tokens.AsSpan(at, Math.Min(Math.Min(executor.Largest.Tokens, executor.Largest.OutputRows), tokens.Length - 1 - at)), 1, cancellation);
            for (var row = 0; row < count; row++) Score(executor.Output(row), chunk[at + row + 1]);
            at += count;
        }
        _chunks++;
    }

    private int Run(KvSequence sequence, ReadOnlySpan<int> tokens, int outputsPerToken, CancellationToken cancellation)
    {
        _batch.Clear();
        _batch.Add(sequence, tokens, tokens.Length * outputsPerToken);
        _model.Executor.Run(_batch, cancellation);
        return tokens.Length;
    }

    private void Score(ReadOnlySpan<float> logits, int token)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits) largest = MathF.Max(largest, logit);
        double sum = 0;
        foreach (var logit in logits) sum += MathF.Exp(logit - largest);
        var surprise = Math.Log(sum) - (logits[token] - largest);
        _sum += surprise;
        _squares += surprise * surprise;
        _tokens++;
    }
}
