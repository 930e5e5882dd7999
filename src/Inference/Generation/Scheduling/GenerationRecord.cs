using System.Diagnostics;
using System.Text;
using Hotplug.Inference.Telemetry;

namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>The times of one request. A token costs it a look at the clock and nothing that is allocated. Begun by the caller; all else comes from the scheduler's thread.</summary>
internal sealed class GenerationRecord
{
    private readonly GenerationJournal _journal;
    private readonly string _operation;
    private readonly int[] _prompt;
    private readonly long _asked = Stopwatch.GetTimestamp();
    private readonly Activity? _activity;
    private readonly StringBuilder? _text;
    private long _admitted, _first, _last;
    private int _tokens;

    public GenerationRecord(GenerationJournal journal, string operation, int[] prompt)
    {
        (_journal, _operation, _prompt) = (journal, operation, prompt);
        if (journal.LogsContent) _text = new();
        if (!InferenceMeter.Activities.HasListeners()) return;
        var caller = Activity.Current;
        _activity = InferenceMeter.Activities.StartActivity($"{operation} {journal.Model}")?
            .SetTag(GenAiNames.OperationTag, operation).SetTag(GenAiNames.ProviderTag, GenAiNames.Provider).SetTag(GenAiNames.ModelTag, journal.Model);
        // It ends on another thread: what the caller does meanwhile is no part of it.
        Activity.Current = caller;
    }

    /// <summary>It has a slot.</summary>
    public void Admitted()
    {
        _admitted = Stopwatch.GetTimestamp();
        InferenceMeter.QueueWait.Record(Between(_asked, _admitted).TotalSeconds, Model);
        InferenceMeter.TokenCount.Add(_prompt.Length, Model, new(GenAiNames.TokenTypeTag, GenAiNames.Input));
        _activity?.AddEvent(new("hotplug.admitted"));
    }

    /// <summary>A token was chosen, or what was left of the text came out.</summary>
    /// <param name="text">What became certain by it.</param>
    /// <param name="tokens">Tokens chosen so far; fewer than before where a text that must not appear was taken back.</param>
    public void Written(ReadOnlySpan<char> text, int tokens)
    {
        _text?.Append(text);
        if (tokens <= _tokens) return;
        var now = Stopwatch.GetTimestamp();
        if (_first == 0)
        {
            _first = now;
            InferenceMeter.TimeToFirstToken.Record(Between(_asked, now).TotalSeconds, Model, Operation);
        }
        else if (InferenceMeter.TokenInterval.Enabled) InferenceMeter.TokenInterval.Record(Between(_last, now).TotalSeconds, Model);
        InferenceMeter.TokenCount.Add(tokens - _tokens, Model, new(GenAiNames.TokenTypeTag, GenAiNames.Output));
        (_last, _tokens) = (now, tokens);
    }

    /// <summary>The text is whole.</summary>
    public void Ended(GenerationOutcome outcome)
    {
        var now = Stopwatch.GetTimestamp();
        var finish = outcome.Finish.ToString();
        InferenceMeter.RequestDuration.Record(Between(_asked, now).TotalSeconds, Model, Operation);
        if (_tokens > 1) InferenceMeter.TimePerOutputToken.Record(Between(_first, _last).TotalSeconds / (_tokens - 1), Model, Operation);
        InferenceMeter.EvaluatedTokens.Add(outcome.EvaluatedTokens, Model);
        InferenceMeter.Generations.Add(1, Model, new(Outcome, finish));
        _activity?.SetTag(GenAiNames.InputTokensTag, outcome.PromptTokens).SetTag(GenAiNames.OutputTokensTag, outcome.GeneratedTokens).SetTag(GenAiNames.FinishReasonsTag, new[] { finish });
        _activity?.Stop();
        _journal.Ended(outcome, Between(_asked, _admitted), Between(_asked, _first), Between(_asked, now), _prompt, _text?.ToString());
    }

    /// <summary>The text was given up, or cannot be written.</summary>
    public void Failed(Exception failure)
    {
        var error = failure is OperationCanceledException ? "cancelled" : failure.GetType().FullName;
        InferenceMeter.RequestDuration.Record(Between(_asked, Stopwatch.GetTimestamp()).TotalSeconds, Model, Operation, new(GenAiNames.ErrorTag, error));
        InferenceMeter.Generations.Add(1, Model, new(Outcome, failure is OperationCanceledException ? "Cancelled" : "Failed"));
        _activity?.SetTag(GenAiNames.ErrorTag, error).SetStatus(ActivityStatusCode.Error);
        _activity?.Stop();
        _journal.Failed(failure, _prompt, _text?.ToString());
    }

    private const string Outcome = "hotplug.outcome";

    private KeyValuePair<string, object?> Model => new(GenAiNames.ModelTag, _journal.Model);

    private KeyValuePair<string, object?> Operation => new(GenAiNames.OperationTag, _operation);

    private static TimeSpan Between(long from, long to) => from == 0 || to == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(from, to);
}
