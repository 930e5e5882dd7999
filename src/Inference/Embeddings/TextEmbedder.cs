using System.Diagnostics;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Models;
using Hotplug.Inference.Telemetry;
using Hotplug.Runtime.Execution;

namespace Hotplug.Inference.Embeddings;

/// <summary>Makes vectors of texts with an embedding model. Thread-safe; calls take turns, also with others that use the model.</summary>
public sealed class TextEmbedder
{
    private readonly LanguageModel _model;
    private readonly StepBatch _batch = new();

    /// <summary>An embedder over a model, which outlives it.</summary>
    /// <exception cref="ArgumentException">The model writes text.</exception>
    public TextEmbedder(LanguageModel model)
    {
        if (model.Source.Description.Purpose != ModelPurpose.Embedding)
            throw new ArgumentException($"A model of the architecture '{model.Source.Description.Architecture}' writes text and makes no embeddings; use one of bert or nomic-bert.", nameof(model));
        _model = model;
    }

    /// <summary>Elements of a vector.</summary>
    public int Length => _model.Executor.OutputColumns;

    /// <summary>Tokens that a text may have.</summary>
    public int LongestText => Math.Min(_model.Context, _model.Executor.Largest.Tokens);

    /// <summary>Options for loading a model to embed texts: a text is evaluated in one step, because each of its tokens sees all of them.</summary>
    /// <param name="source">The model.</param>
    /// <param name="options">Options otherwise.</param>
    public static ModelOptions Options(ModelSource source, ModelOptions options)
        => options with { Context = source.ContextOf(options), BatchTokens = source.ContextOf(options), BatchOutputs = 1 };

    /// <summary>The vector of a text, of length 1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The text has no tokens, or more than the model was loaded for.</exception>
    public float[] Embed(string text, CancellationToken cancellation = default) => Embed(_model.Tokenizer.Encode(text, addSpecial: true), cancellation);

    /// <summary>The vector of tokens, of length 1.</summary>
    /// <param name="tokens">Token ids; nothing is added.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">There are none, or more than the model was loaded for.</exception>
    public float[] Embed(ReadOnlySpan<int> tokens, CancellationToken cancellation = default)
    {
        if (tokens.Length == 0) throw new ArgumentException("The text has no tokens. Give a text that is not empty.", nameof(tokens));
        var most = LongestText;
        if (tokens.Length > most) throw new ArgumentException($"The text has {tokens.Length} tokens, and the model was loaded for {most}. Shorten it, or load the model with a longer --context.", nameof(tokens));
        var asked = Stopwatch.GetTimestamp();
        float[] vector;
        using (_model.Turn.Step())
        {
            _model.VerifyFiles();
            using var sequence = _model.Executor.NewSequence();
            _batch.Clear();
            // One row of output per sequence: the vector that its rows are pooled to.
            _batch.Add(sequence, tokens, 1);
            _model.Executor.Run(_batch, cancellation);
            vector = _model.Executor.Output(0).ToArray();
        }
        var model = new KeyValuePair<string, object?>(GenAiNames.ModelTag, _model.Name);
        InferenceMeter.RequestDuration.Record(Stopwatch.GetElapsedTime(asked).TotalSeconds, model, new(GenAiNames.OperationTag, GenAiNames.Embeddings));
        InferenceMeter.TokenCount.Add(tokens.Length, model, new(GenAiNames.TokenTypeTag, GenAiNames.Input));
        return vector;
    }
}
