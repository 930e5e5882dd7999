using System.Runtime.InteropServices;
using Hotplug.Abstractions.Faults;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Grammars;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Hotplug.Inference.Text;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Faults;

namespace Hotplug.Inference.Generation;

/// <summary>
/// Writes text, a token at a time. Its state (tokens, sampler) lives here; the session on the devices is a cache of it, which moves when the model is put elsewhere, and is made again when a device fails. A step that fails leaves the state as it was,
/// and may be tried again. Not thread-safe; several generators may share a model. In steady state a token allocates nothing.
/// </summary>
public sealed partial class TextGenerator : IDisposable
{
    private static int _numbers;

    private readonly LanguageModel _model;
    private readonly StepBatch _batch = new();
    private readonly Utf8Streamer _streamer = new();
    private readonly List<int> _tokens;
    private readonly ModelSession _session;
    private GenerationOptions _options;
    private Sampler _sampler;
    private StopStrings _stops;
    private BannedStrings _banned;
    private GrammarConstraint? _grammar;
    private Logprobs? _logprobs;
    private int _windowStart = 1;
    // Text of a restored generation that the stop strings of now no longer hold back.
    private string? _carried;

    /// <summary>Begins a generation.</summary>
    /// <param name="model">The model; outlives the generator.</param>
    /// <param name="prompt">Tokens of the prompt, at least one, fewer than the context.</param>
    /// <param name="options">How to generate.</param>
    /// <exception cref="ArgumentException">The prompt is empty or too long, or an option makes no sense.</exception>
    public TextGenerator(LanguageModel model, ReadOnlySpan<int> prompt, GenerationOptions options)
        : this(model, [.. CheckedPrompt(model, prompt)], prompt.Length, options, new Sampler(options.Sampler, model.Tokenizer))
    {
        foreach (var token in prompt) _sampler.Accept(token);
    }

    /// <summary>Goes on with a generation from its state.</summary>
    /// <exception cref="ArgumentException">The state is of a later version, or does not fit the model.</exception>
    public TextGenerator(LanguageModel model, GenerationState state, GenerationOptions options)
        : this(model, [.. Checked(state).Tokens], state.PromptLength, options, new Sampler(options.Sampler, model.Tokenizer, state.Sampler))
    {
        _windowStart = state.WindowStart;
        TakeUp(state);
        Finish = _stops.Match is not null ? FinishReason.StopString : state.Finish switch
        {
            FinishReason.EndOfGeneration when !options.IgnoreEndOfGeneration => FinishReason.EndOfGeneration,
            FinishReason.StopString => FinishReason.StopString,
            // Whether there is more room now is asked when it goes on.
            _ => FinishReason.None,
        };
        if (WindowLength > model.Context) throw new ArgumentException($"A state of {WindowLength} tokens does not fit a context of {model.Context}.", nameof(state));
    }

    private TextGenerator(LanguageModel model, List<int> tokens, int promptLength, GenerationOptions options, Sampler sampler)
    {
        if (model.Source.Description.Purpose != ModelPurpose.Text)
            throw new ArgumentException($"A model of the architecture '{model.Source.Description.Architecture}' makes embeddings and writes no text.", nameof(model));
        (_model, _options, _sampler, _tokens, PromptLength) = (model, options, sampler, tokens, promptLength);
        _tokens.EnsureCapacity(tokens.Count + Math.Min(options.MaxTokens, 1 << 16));
        (_stops, _banned, _grammar, _logprobs) = Tools(options);
        _sampler.Constraint = _grammar;
        _session = model.OpenSession($"generation {Interlocked.Increment(ref _numbers)}");
    }

    /// <summary>Prompt and generated tokens.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Tokens of the prompt.</summary>
    public int PromptLength { get; private set; }

    /// <summary>Tokens generated.</summary>
    public int GeneratedCount => _tokens.Count - PromptLength;

    /// <summary>Tokens that were evaluated for this generator: of a restored one those since then.</summary>
    public int EvaluatedCount { get; private set; }

    /// <summary>Why the generation ended; <see cref="FinishReason.None"/> while it goes on.</summary>
    public FinishReason Finish { get; private set; }

    /// <summary>The stop string that appeared, or null; not known of a generation that had ended before it was saved.</summary>
    public string? StopString => _stops.Match;

    /// <summary>
    /// Generates the next token and gives the text that became certain by it: possibly none, while a character is incomplete or a stop string may be beginning. The span
    /// is valid until the next call.
    /// </summary>
    /// <param name="text">Text to show.</param>
    /// <param name="cancellation">Stops between and within steps; the state stays good.</param>
    /// <returns>False when the generation has ended and no text is left.</returns>
    public bool Next(out ReadOnlySpan<char> text, CancellationToken cancellation = default)
    {
        var found = Advance(out text, cancellation);
        if (_carried is not { } carried) return found;
        text = string.Concat(carried, text);
        _carried = null;
        return true;
    }

    private bool Advance(out ReadOnlySpan<char> text, CancellationToken cancellation)
        => WantsStep(out text) ? Take(NextToken(cancellation), out text) : text.Length > 0;

    private int NextToken(CancellationToken cancellation)
    {
        if (TryFollow(out var token)) return token;
        Guess(cancellation);
        return Evaluate(cancellation);
    }

    /// <summary>Whether there is to be another token; if not, the text that was left.</summary>
    private bool WantsStep(out ReadOnlySpan<char> text)
    {
        text = default;
        if (Finish != FinishReason.None) return false;
        if (_grammar is { IsAtEnd: true }) End(FinishReason.EndOfGeneration, out text);
        else if (GeneratedCount >= _options.MaxTokens) End(FinishReason.Length, out text);
        else if (WindowLength >= _model.Context && _options.Overflow == ContextOverflow.Stop) End(FinishReason.ContextFull, out text);
        else
        {
            if (WindowLength >= _model.Context) Slide();
            return true;
        }
        return false;
    }

    /// <summary>Goes on by a token, and gives what became certain by it.</summary>
    /// <returns>False when it ended the generation and no text is left.</returns>
    private bool Take(int token, out ReadOnlySpan<char> text)
    {
        _tokens.Add(token);
        if (_model.Tokenizer.IsEndOfGeneration(token) && !_options.IgnoreEndOfGeneration) return End(FinishReason.EndOfGeneration, out text);
        text = _stops.Append(_banned.IsEmpty ? _streamer.Append(_model.Tokenizer.Bytes(token, _options.WritesSpecialTokens)) : Filter(token));
        if (_stops.Match is not null) Finish = FinishReason.StopString;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>Tokens that take part: the first one, and those from the window's start on.</summary>
    private int WindowLength => _tokens.Count - (_windowStart - 1);

    private static GenerationState Checked(GenerationState state)
        => state.Fault() is var (field, problem) ? throw new ArgumentException($"The state is damaged: {field}: {problem}.", nameof(state)) : state;

    /// <summary>Evaluates all tokens that the devices have not seen, and chooses the next.</summary>
    private int Evaluate(CancellationToken cancellation)
    {
        // The output of a step is valid until the next one, so choosing belongs to the turn.
        using (_model.Turn.Step())
        {
            _model.VerifyFiles();
            _session.Wanted = WindowLength + _guessCount;
            DropCells();
            var doubted = false;
            while (true)
            {
                _model.Deployments.LeaveIfFaulted(_session);
                try
                {
                    if (!Step(cancellation)) continue;
                    KeepRows();
                    var token = Choose(_session.Deployment.Executor.Output(0));
                    _model.Deployments.Ran(_session.Deployment);
                    return token;
                }
                catch (BackendFaultException fault) when (fault.Kind != FaultKind.Cancelled)
                {
                    if (!_model.Deployments.TryRecover(_session, fault)) throw;
                }
                catch (LogitsException nonsense)
                {
                    if (doubted || !_model.Deployments.TryDoubt(_session, nonsense)) throw;
                    doubted = true;
                }
                finally
                {
                    // Between steps nothing here refers to a sequence that may be given up with its backend.
                    _batch.Clear();
                }
            }
        }
    }

    private int Choose(ReadOnlySpan<float> row)
    {
        var logits = row[.._model.Tokenizer.VocabularySize];
        var token = _sampler.Sample(logits, BansHere());
        if (_logprobs is not null) Note(logits, token);
        return token;
    }

    /// <summary>Evaluates as many of the missing tokens as a step takes, where the session is now.</summary>
    /// <returns>True when none is left, and there is a row of logits.</returns>
    private bool Step(CancellationToken cancellation)
    {
        var place = _session.Deployment;
        var sequence = _session.Sequence;
        var pending = Pending(sequence.Length);
        var count = Math.Min(pending.Length, place.Executor.Largest.Tokens);
        var last = sequence.Length + count == WindowLength;
        _batch.Clear();
        var largest = place.Executor.Largest;
        if (last) _batch.Add(sequence, WithGuesses(pending, Math.Min(largest.OutputRows - 1, largest.Tokens - count)), _guessCount + 1);
        else _batch.Add(sequence, pending[..count], 0);
        place.Executor.Run(_batch, cancellation);
        EvaluatedCount += count;
        return last;
    }

    private ReadOnlySpan<int> Pending(int evaluated)
    {
        var tokens = CollectionsMarshal.AsSpan(_tokens);
        // With a window that has moved, the first token is evaluated alone and the rest of the window behind it.
        if (_windowStart > 1 && evaluated == 0) return tokens[..1];
        return tokens[(evaluated + _windowStart - 1)..];
    }

    private void Slide()
    {
        using (_model.Turn.Claim())
        {
            _windowStart += Math.Max(1, (WindowLength - 1) / 2);
            _session.Sequence.Truncate(0);
            _guessCount = 0;
        }
    }

    private bool End(FinishReason reason, out ReadOnlySpan<char> text)
    {
        Finish = reason;
        // A stop string may still be completed by what was held back of a character.
        var rest = _stops.Append(string.Concat(_banned.Flush(), _streamer.Flush())).ToString();
        var held = _stops.Match is null ? _stops.Flush() : default;
        text = rest.Length == 0 ? held : held.Length == 0 ? rest : string.Concat(rest, held);
        if (_stops.Match is not null) Finish = FinishReason.StopString;
        return text.Length > 0;
    }
}
