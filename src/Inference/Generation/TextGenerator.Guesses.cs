using Hotplug.Inference.Generation.Speculation;
using Hotplug.Inference.Sampling;

namespace Hotplug.Inference.Generation;

/// <content>Guesses of a draft model: evaluated in one step, and taken while they are what is chosen.</content>
public sealed partial class TextGenerator
{
    // Guesses that were evaluated, and the row of logits behind each; the first would stand at _guessStart.
    private int[] _guesses = [];
    private float[] _guessRows = [];
    private int _guessCount, _guessAt, _guessStart;
    // What a step evaluates, where guesses follow the text.
    private int[] _ahead = [];

    /// <summary>
    /// Guesses ahead, or null. The text is the same with any and without, where the kernels are batch-invariant; elsewhere it is one that the model would write. The caller owns it. Takes no part
    /// in a <see cref="GenerationGroup"/>.
    /// </summary>
    public Drafter? Drafter { get; set; }

    /// <summary>Chooses from the row behind a guess that was right.</summary>
    private bool TryFollow(out int token)
    {
        token = -1;
        if (_guessAt >= _guessCount) return false;
        if (_tokens.Count != _guessStart + _guessAt + 1 || _tokens[^1] != _guesses[_guessAt])
        {
            _guessCount = 0;
            return false;
        }
        try
        {
            var size = _model.Tokenizer.VocabularySize;
            token = Choose(_guessRows.AsSpan(_guessAt * size, size));
        }
        catch (LogitsException)
        {
            // Evaluated once more by itself, where a place that computes nonsense is found out.
            _guessCount = 0;
            return false;
        }
        _guessAt++;
        EvaluatedCount++;
        if (Drafter is { } drafter) drafter.AcceptedCount++;
        return true;
    }

    /// <summary>Asks for guesses behind the text. Before the turn, since the draft model has its own.</summary>
    private void Guess(CancellationToken cancellation)
    {
        _guessCount = 0;
        if (Drafter is not { } drafter) return;
        var most = Math.Min(drafter.Tokens, Math.Min(_options.MaxTokens - GeneratedCount - 1, _model.Context - WindowLength - 1));
        if (most <= 0) return;
        if (_guesses.Length < drafter.Tokens) _guesses = new int[drafter.Tokens];
        var tokens = Tokens;
        var text = _windowStart == 1 ? tokens : Window(tokens);
        _guessCount = drafter.Guess(text, _guesses.AsSpan(0, most), cancellation);
        (_guessStart, _guessAt) = (_tokens.Count, 0);
    }

    /// <summary>The tokens of a step that goes to the end of the text: with as many guesses behind them as there is room for.</summary>
    private ReadOnlySpan<int> WithGuesses(ReadOnlySpan<int> pending, int most)
    {
        _guessCount = Math.Min(_guessCount, Math.Max(0, most));
        if (_guessCount == 0) return pending;
        var length = pending.Length + _guessCount;
        if (_ahead.Length < length) _ahead = new int[Math.Max(length, 2 * _ahead.Length)];
        pending.CopyTo(_ahead);
        _guesses.AsSpan(0, _guessCount).CopyTo(_ahead.AsSpan(pending.Length));
        return _ahead.AsSpan(0, length);
    }

    /// <summary>Keeps the rows behind guesses: those of the step are valid until the next. In the turn.</summary>
    private void KeepRows()
    {
        if (_guessCount == 0) return;
        var size = _model.Tokenizer.VocabularySize;
        if (_guessRows.Length < _guessCount * size) _guessRows = new float[_guesses.Length * size];
        for (var i = 0; i < _guessCount; i++) _session.Deployment.Executor.Output(i + 1)[..size].CopyTo(_guessRows.AsSpan(i * size));
        if (Drafter is not { } drafter) return;
        drafter.StepCount++;
        drafter.EvaluatedCount += _guessCount;
    }

    /// <summary>Takes back cells of guesses that were wrong, and the last one: its row is what follows from. In the turn.</summary>
    private void DropCells()
    {
        if (_session.Sequence.Length >= WindowLength) _session.Sequence.Truncate(WindowLength - 1);
    }

    private ReadOnlySpan<int> Window(ReadOnlySpan<int> tokens)
    {
        if (_ahead.Length < WindowLength) _ahead = new int[WindowLength + 64];
        _ahead[0] = tokens[0];
        tokens[_windowStart..].CopyTo(_ahead.AsSpan(1));
        return _ahead.AsSpan(0, WindowLength);
    }
}
