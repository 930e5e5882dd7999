using System.Text;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Server.Answers;
using Hotplug.Server.Limits;
using Hotplug.Server.OpenAI;

namespace Hotplug.Server.KoboldAI;

/// <summary>The texts of a request, while they are written and for a while afterwards. Thread-safe.</summary>
internal sealed class KoboldText : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ServedModel _model;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenSource _abort = new();
    private readonly (StringBuilder Text, List<TokenChoice> Choices)[] _texts;
    private readonly GenerationOutcome?[] _outcomes;
    private bool _ended;

    public KoboldText(Caller caller, string? key, ServedModel model, int count, CancellationToken cancellation)
    {
        (Caller, Key, _model, _outcomes) = (caller, key ?? "", model, new GenerationOutcome?[count]);
        _texts = [.. Enumerable.Range(0, count).Select(_ => (new StringBuilder(), new List<TokenChoice>()))];
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _abort.Token);
        Cancellation = _end.Token;
    }

    public Caller Caller { get; }

    public string Key { get; }

    /// <summary>Ends the writing: whoever asked has gone away, or it was aborted.</summary>
    public CancellationToken Cancellation { get; }

    public bool IsEnded
    {
        get
        {
            lock (_gate) return _ended;
        }
    }

    public bool IsAborted => _abort.IsCancellationRequested;

    /// <summary>Gives the texts up; what there is of them is the answer.</summary>
    public void Abort()
    {
        lock (_gate)
            if (!_ended) _abort.Cancel();
    }

    /// <summary>Takes a part.</summary>
    /// <param name="index">Of which text.</param>
    /// <param name="part">The part.</param>
    /// <param name="trims">Whether the stop sequence is left out.</param>
    /// <returns>The event that tells of it.</returns>
    public GenerateEvent Take(int index, WrittenPart part, bool trims)
    {
        var more = trims || part.Outcome?.StopString is not { } stop ? part.Piece.Text : part.Piece.Text + stop;
        lock (_gate)
        {
            _texts[index].Text.Append(more);
            _texts[index].Choices.AddRange(part.Piece.Choices);
            _outcomes[index] = part.Outcome;
        }
        return new(more, part.Outcome is { } outcome ? FinishReasons.Of(outcome.Finish) : null);
    }

    /// <summary>What there is of the texts.</summary>
    public GenerateResults Results()
    {
        lock (_gate)
            return new([.. _texts.Select((text, i) => new GenerateResult(text.Text.ToString(), _outcomes[i] is { } outcome ? FinishReasons.Of(outcome.Finish) : IsAborted ? FinishReasons.Stop : null,
                KoboldLogprobs.Of(text.Choices, _model.Model.Tokenizer), _outcomes[i]?.PromptTokens, _outcomes[i]?.GeneratedTokens))]);
    }

    /// <summary>What there is of the first.</summary>
    public string SoFar()
    {
        lock (_gate) return _texts[0].Text.ToString();
    }

    /// <summary>Log probabilities of the first; null if there are none.</summary>
    public KoboldLogprobs? Logprobs()
    {
        lock (_gate) return KoboldLogprobs.Of(_texts[0].Choices, _model.Model.Tokenizer);
    }

    /// <summary>Ends it; what was written can still be asked for.</summary>
    public void Dispose()
    {
        lock (_gate) _ended = true;
        _end.Dispose();
        _abort.Dispose();
    }
}
