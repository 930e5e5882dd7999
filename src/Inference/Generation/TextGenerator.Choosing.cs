using System.Runtime.InteropServices;
using Hotplug.Inference.Grammars;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Hotplug.Inference.Text;

namespace Hotplug.Inference.Generation;

/// <content>What is asked of the text: grammars, banned texts, probabilities; and beginning another text.</content>
public sealed partial class TextGenerator
{
    private readonly List<TokenBan> _bans = [];
    private readonly int[] _bansHere = new int[Sampler.MaxBanned];
    private List<TokenChoice>? _choices;
    private long _retractions;

    /// <summary>The choice of every token that was generated here, if <see cref="GenerationOptions.Logprobs"/> asks for it. Shrinks when tokens are taken back.</summary>
    public IReadOnlyList<TokenChoice> Choices => _choices ?? [];

    /// <summary>Tokens that were taken back, because a banned text was complete.</summary>
    public int RetractedCount { get; private set; }

    /// <summary>
    /// Begins another text in place of this one. What both begin with is not evaluated again: the next question of a conversation costs what is new in it.
    /// </summary>
    /// <param name="prompt">Tokens of the prompt, at least one, fewer than the context.</param>
    /// <param name="options">How to generate.</param>
    /// <exception cref="ArgumentException">The prompt is empty or too long, or an option makes no sense; the text before stays.</exception>
    /// <exception cref="GrammarException">The grammar cannot be used; the text before stays.</exception>
    public void Restart(ReadOnlySpan<int> prompt, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckedPrompt(_model, prompt);
        var sampler = new Sampler(options.Sampler, _model.Tokenizer);
        foreach (var token in prompt) sampler.Accept(token);
        var (stops, banned, grammar, logprobs) = Tools(options);
        using (_model.Turn.Claim())
        {
            _session.Sequence.Truncate(Math.Min(KnownOf(prompt), _session.Sequence.Length));
            _guessCount = 0;
        }

        (_options, _sampler, _stops, _banned, _grammar, _logprobs) = (options, sampler, stops, banned, grammar, logprobs);
        _sampler.Constraint = grammar;
        _tokens.Clear();
        _tokens.AddRange(prompt);
        (PromptLength, _windowStart, EvaluatedCount, Finish, _carried, _retractions, RetractedCount) = (prompt.Length, 1, 0, FinishReason.None, null, 0, 0);
        _bans.Clear();
        _choices?.Clear();
        _streamer.Reset();
    }

    /// <summary>How many tokens of a prompt need not be evaluated where this generator's cells are: those that it begins with too, but never the last, since its row of logits is what follows from.</summary>
    internal int KnownOf(ReadOnlySpan<int> prompt) => _windowStart == 1 ? Math.Min(Tokens.CommonPrefixLength(prompt), prompt.Length - 1) : 0;

    /// <summary>Takes the cells of what another generator of the model begins with too, if those are more than its own. Nothing is copied until one of the two writes on in the last page.</summary>
    internal void ShareFrom(TextGenerator other)
    {
        using (_model.Turn.Claim())
        {
            var known = Math.Min(other.KnownOf(Tokens), other._session.Sequence.Length);
            if (_windowStart == 1 && known > _session.Sequence.Length) _session.ShareFrom(other._session, known);
        }
    }

    private static ReadOnlySpan<int> CheckedPrompt(LanguageModel model, ReadOnlySpan<int> prompt)
    {
        if (PromptProblem(model, prompt.Length) is { } problem) throw new ArgumentException(problem, nameof(prompt));
        return prompt;
    }

    /// <summary>Says why a prompt of so many tokens cannot be gone on from, or null.</summary>
    internal static string? PromptProblem(LanguageModel model, int length)
    {
        if (length == 0) return "The prompt has no tokens, not even one that begins a text; write something.";
        return length < model.Context ? null : $"The prompt has {length} tokens, and the context of {model.Context} has to leave room for at least one more. Shorten it, or load the model with a longer --context.";
    }

    private (StopStrings, BannedStrings, GrammarConstraint?, Logprobs?) Tools(GenerationOptions options)
    {
        if (options.Logprobs is < 0 or > GenerationOptions.MaxLogprobs)
            throw new ArgumentException($"{nameof(options.Logprobs)} is {options.Logprobs}; it must be from 0 to {GenerationOptions.MaxLogprobs}.", nameof(options));
        var tokenizer = _model.Tokenizer;
        return (new(options.StopStrings), new(options.BannedStrings), options.Grammar is { } grammar ? GrammarCache.Of(tokenizer).Get(grammar).Begin() : null,
            options.Logprobs is { } best ? new(Math.Min(best, tokenizer.VocabularySize), tokenizer.VocabularySize) : null);
    }

    /// <summary>Goes on with what a state had not given yet.</summary>
    private void TakeUp(GenerationState state)
    {
        _streamer.Append([.. state.UnfinishedCharacter]);
        var certain = _stops.Append(state.HeldText).ToString();
        if (!_banned.IsEmpty) _banned.Follow(_model.Tokenizer.Decode(Tokens[PromptLength..^state.PendingTokens], _options.WritesSpecialTokens));
        Span<byte> room = stackalloc byte[4];
        foreach (var token in Tokens[^state.PendingTokens..])
        {
            if (_model.Tokenizer.IsEndOfGeneration(token) && !_options.IgnoreEndOfGeneration) break;
            var unfinished = room[..Unfinished(room)];
            var text = _streamer.Append(_model.Tokenizer.Bytes(token, _options.WritesSpecialTokens));
            // What is complete already, by other banned texts than those of then, passes.
            var passed = _banned.IsEmpty ? text : _banned.Append(text, unfinished, out var released) > 0 ? _banned.Flush() : released;
            certain += _stops.Append(passed).ToString();
        }

        _bans.AddRange(state.Bans);
        if (certain.Length > 0) _carried = certain;
        ReplayGrammar();
    }

    /// <summary>Takes in what a token writes, and gives what is certain not to begin a banned text. Where one is complete, the tokens that wrote it are taken back.</summary>
    private ReadOnlySpan<char> Filter(int token)
    {
        Span<byte> room = stackalloc byte[4];
        var unfinished = room[..Unfinished(room)];
        var tokens = _banned.Append(_streamer.Append(_model.Tokenizer.Bytes(token, _options.WritesSpecialTokens)), unfinished, out var certain);
        if (tokens > 0) certain = Retract(tokens);
        if (_bans.Count > 0) _bans.RemoveAll(ban => ban.Position < _tokens.Count - _banned.TokenCount);
        return certain;
    }

    private string Retract(int count)
    {
        var position = _tokens.Count - count;
        // Where nothing else comes, the text is let pass: to go on matters more. So is one that reaches beyond a window that has moved.
        if (BanCount(position) >= Sampler.MaxBanned || ++_retractions > 1000L + _options.MaxTokens || (_windowStart > 1 && position <= _windowStart)) return _banned.Flush();
        _bans.RemoveAll(ban => ban.Position > position);
        _bans.Add(new(position, _tokens[position]));
        _streamer.Reset();
        _streamer.Append(_banned.UnfinishedBefore(count));
        var certain = _banned.Rewind(count);
        _tokens.RemoveRange(position, count);
        _guessCount = 0;
        RetractedCount += count;
        if (_choices is not null) _choices.RemoveRange(Math.Max(0, _choices.Count - count), Math.Min(count, _choices.Count));
        _sampler.Rewind(CollectionsMarshal.AsSpan(_tokens));
        ReplayGrammar();
        using (_model.Turn.Claim()) _session.Sequence.Truncate(Math.Min(WindowLength - 1, _session.Sequence.Length));
        return certain;
    }

    private void ReplayGrammar()
    {
        if (_grammar is null) return;
        _grammar.Reset();
        foreach (var token in Tokens[PromptLength..]) _grammar.Accept(token);
    }

    private int Unfinished(Span<byte> copy)
    {
        var bytes = _streamer.Unfinished;
        bytes.CopyTo(copy);
        return bytes.Length;
    }

    private int BanCount(int position)
    {
        var count = 0;
        foreach (var ban in _bans)
            if (ban.Position == position) count++;
        return count;
    }

    private ReadOnlySpan<int> BansHere()
    {
        var count = 0;
        foreach (var ban in _bans)
            if (ban.Position == _tokens.Count && count < _bansHere.Length) _bansHere[count++] = ban.Token;
        return _bansHere.AsSpan(0, count);
    }

    private void Note(ReadOnlySpan<float> logits, int token)
    {
        _logprobs!.Measure(logits, token);
        (_choices ??= []).Add(new(_logprobs.Chosen, [.. _logprobs.Best]));
    }
}
