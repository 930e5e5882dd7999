using System.Runtime.InteropServices;
using Hotplug.Abstractions.Faults;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Hotplug.Inference.Tokenization;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.KvCache;
using Hotplug.Runtime.Memory;

namespace Hotplug.Inference.Generation.Speculation;

/// <summary>
/// Guesses how a text goes on, with a smaller model of the same vocabulary: its best tokens, as long as it is sure of them. Whoever writes the text evaluates the guesses together and takes those
/// that it would have chosen itself, so that a guess never changes a text, and a draft that fails costs speed alone. The draft model has a deployment of its own, and may be swapped as any.
/// Owns a session of it. Used by one generator at a time; not thread-safe. Dispose it before the model.
/// </summary>
/// <remarks>Leviathan, Kalman, Matias, Fast Inference from Transformers via Speculative Decoding, arXiv:2211.17192; acceptance is by equality with the sampled token, which leaves every distribution as it is.</remarks>
public sealed class Drafter : IDisposable
{
    private readonly LanguageModel _model;
    private readonly ModelSession _session;
    private readonly StepBatch _batch = new();
    private readonly int _vocabulary;
    // The tokens whose cells the session has, and those that it is to have.
    private readonly List<int> _seen = [];
    private readonly List<int> _text = [];

    /// <summary>Makes a drafter.</summary>
    /// <param name="draft">The smaller model; outlives the drafter.</param>
    /// <param name="target">The model it guesses for.</param>
    /// <param name="tokens">Guesses at a time, at most. The other model takes as many as it has rows of output (<see cref="ModelOptions.BatchOutputs"/>) but one.</param>
    /// <exception cref="ArgumentException">The vocabularies differ, and the message says where; or the draft model writes no text.</exception>
    public Drafter(LanguageModel draft, LanguageModel target, int tokens = 8)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        if (draft.Source.Description.Purpose != Architectures.ModelPurpose.Text) throw new ArgumentException($"{draft.Name} makes embeddings and cannot draft. Give a smaller model of the same family.", nameof(draft));
        if (WhyNot(draft.Tokenizer, target.Tokenizer) is { } difference)
            throw new ArgumentException($"{draft.Name} cannot draft for {target.Name}: {difference}. Give a smaller model of the same family.", nameof(draft));
        (_model, Tokens, _vocabulary) = (draft, tokens, Math.Min(draft.Tokenizer.VocabularySize, target.Tokenizer.VocabularySize));
        _session = draft.OpenSession("draft");
    }

    /// <summary>Guesses at a time, at most.</summary>
    public int Tokens { get; }

    /// <summary>A token that the draft model finds less probable than this is not worth a row of the other model: it is not guessed, and nothing behind it.</summary>
    public float LeastProbability { get; init; } = 0.3f;

    /// <summary>Guesses that were evaluated by the other model.</summary>
    public long EvaluatedCount { get; internal set; }

    /// <summary>Guesses that were right.</summary>
    public long AcceptedCount { get; internal set; }

    /// <summary>Steps of the other model that had guesses in them.</summary>
    public long StepCount { get; internal set; }

    /// <summary>Why it guesses no more, or null: its model failed, and nothing took over.</summary>
    public string? Failure { get; private set; }

    /// <summary>Says what tells two vocabularies apart, or null where the one begins with all of the other.</summary>
    public static string? WhyNot(Tokenizer draft, Tokenizer target)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(target);
        if (draft.BeginningOfSequence != target.BeginningOfSequence) return $"its texts begin with token {draft.BeginningOfSequence?.ToString() ?? "none"}, those of the other with {target.BeginningOfSequence?.ToString() ?? "none"}";
        // Files of one family are padded to different sizes: what one has beyond the other is never guessed, or never right.
        for (var token = 0; token < Math.Min(draft.VocabularySize, target.VocabularySize); token++)
            if (draft.Kind(token) != target.Kind(token) || !draft.Bytes(token, special: true).SequenceEqual(target.Bytes(token, special: true)))
                return $"the vocabularies differ: token {token} is '{draft.Name(token)}' ({draft.Kind(token)}), and '{target.Name(token)}' ({target.Kind(token)}) in the other";
        return null;
    }

    /// <summary>Guesses.</summary>
    /// <param name="text">The text so far, as it is in sight.</param>
    /// <param name="guesses">Room for guesses.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>How many there are.</returns>
    internal int Guess(ReadOnlySpan<int> text, Span<int> guesses, CancellationToken cancellation)
    {
        var most = Math.Min(Math.Min(guesses.Length, Tokens), _model.Context - text.Length);
        if (Failure is not null || most <= 0) return 0;
        _text.Clear();
        _text.AddRange(text);
        var count = 0;
        try
        {
            using (_model.Turn.Step())
            {
                _model.VerifyFiles();
                _session.Wanted = text.Length + most;
                while (count < most && Next(cancellation) is >= 0 and var guess)
                {
                    guesses[count++] = guess;
                    _text.Add(guess);
                    if (_model.Tokenizer.IsEndOfGeneration(guess)) break;
                }
            }
        }
        catch (Exception failure) when (failure is BackendFaultException { Kind: not FaultKind.Cancelled } or KvCacheFullException or WeightFileChangedException)
        {
            // The text goes on without guesses.
            Failure = failure.Message;
            count = 0;
        }
        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>The best next token of the draft model; negative if it is not sure.</summary>
    private int Next(CancellationToken cancellation)
    {
        while (true)
        {
            _model.Deployments.LeaveIfFaulted(_session);
            try
            {
                Rewind();
                var (place, sequence) = (_session.Deployment, _session.Sequence);
                var count = Math.Min(_text.Count - sequence.Length, place.Executor.Largest.Tokens);
                var isLast = sequence.Length + count == _text.Count;
                var pending = CollectionsMarshal.AsSpan(_text).Slice(sequence.Length, count);
                _batch.Add(sequence, pending, isLast ? 1 : 0);
                place.Executor.Run(_batch, cancellation);
                _seen.AddRange(pending);
                if (!isLast) continue;
                _model.Deployments.Ran(place);
                return Best(place.Executor.Output(0)[.._vocabulary]);
            }
            catch (BackendFaultException fault) when (fault.Kind != FaultKind.Cancelled)
            {
                if (!_model.Deployments.TryRecover(_session, fault)) throw;
            }
            finally
            {
                // Between steps nothing here refers to a sequence that may be given up with its backend.
                _batch.Clear();
            }
        }
    }

    /// <summary>Takes back cells of another text than this one: guesses that were wrong, or what was taken back.</summary>
    private void Rewind()
    {
        var sequence = _session.Sequence;
        _seen.RemoveRange(Math.Min(_seen.Count, sequence.Length), Math.Max(0, _seen.Count - sequence.Length));
        var seen = CollectionsMarshal.AsSpan(_seen);
        var common = Math.Min(MemoryExtensions.CommonPrefixLength(seen, CollectionsMarshal.AsSpan(_text)), _text.Count - 1);
        if (common < sequence.Length) sequence.Truncate(common);
        _seen.RemoveRange(sequence.Length, _seen.Count - sequence.Length);
    }

    private int Best(ReadOnlySpan<float> logits)
    {
        var max = LogitScan.Max(logits);
        var sum = 0.0;
        foreach (var logit in logits) sum += Math.Exp(logit - max);
        // Also of what is no number.
        return 1 / sum >= LeastProbability ? logits.IndexOf(max) : -1;
    }
}
