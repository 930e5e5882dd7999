using Hotplug.Inference.Grammars;
using Hotplug.Inference.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>Says what becomes of the requests of a scheduler: metrics, an activity and a log event of each. The only place that does. What they say is told to the log alone, and only if it is to be.</summary>
/// <param name="model">What the model is called.</param>
/// <param name="decode">Tokens as text.</param>
/// <param name="options">Where the log is, and whether content is told to it.</param>
internal sealed partial class GenerationJournal(string model, Func<int[], string> decode, GenerationSchedulerOptions options)
{
    private readonly ILogger _logger = (options.Loggers ?? NullLoggerFactory.Instance).CreateLogger("Hotplug.Generation");

    /// <summary>What the model is called.</summary>
    public string Model => model;

    /// <summary>Whether texts are kept for the log.</summary>
    public bool LogsContent => options.LogContent;

    /// <summary>A request comes in.</summary>
    public GenerationRecord Begin(string operation, int[] prompt) => new(this, operation, prompt);

    /// <summary>A request found the queue full.</summary>
    public void Refused(int waiting)
    {
        InferenceMeter.QueueRejections.Add(1, new KeyValuePair<string, object?>(GenAiNames.ModelTag, Model));
        QueueFull(_logger, Model, waiting);
    }

    public void Ended(GenerationOutcome outcome, TimeSpan waited, TimeSpan first, TimeSpan whole, int[] prompt, string? text)
    {
        Ended(_logger, Model, outcome.Finish, outcome.PromptTokens, outcome.GeneratedTokens, outcome.EvaluatedTokens, waited.TotalMilliseconds, first.TotalMilliseconds, whole.TotalMilliseconds);
        if (text is not null) Content(_logger, Model, decode(prompt), text);
    }

    public void Failed(Exception failure, int[] prompt, string? text)
    {
        if (failure is OperationCanceledException) GivenUp(_logger, Model);
        // The caller's mistake: he is told, and the message may quote him.
        else if (failure is ArgumentException or GrammarException) Mistaken(_logger, Model, failure.GetType().Name);
        else Failed(_logger, failure, Model);
        if (text is not null) Content(_logger, Model, decode(prompt), text);
    }

    [LoggerMessage(EventId = 5000, EventName = "GenerationEnded", Level = LogLevel.Debug,
        Message = "{Model}: {Finish} after {PromptTokens} + {GeneratedTokens} tokens, {EvaluatedTokens} evaluated; waited {Waited:F0} ms, first token at {First:F0} ms, end at {Whole:F0} ms")]
    private static partial void Ended(ILogger logger, string model, FinishReason finish, int promptTokens, int generatedTokens, int evaluatedTokens, double waited, double first, double whole);

    [LoggerMessage(EventId = 5001, EventName = "GenerationGivenUp", Level = LogLevel.Debug, Message = "{Model}: a text was given up")]
    private static partial void GivenUp(ILogger logger, string model);

    [LoggerMessage(EventId = 5002, EventName = "GenerationFailed", Level = LogLevel.Warning, Message = "{Model}: a text failed")]
    private static partial void Failed(ILogger logger, Exception failure, string model);

    [LoggerMessage(EventId = 5004, EventName = "GenerationRefused", Level = LogLevel.Debug, Message = "{Model}: a request cannot be met ({Problem})")]
    private static partial void Mistaken(ILogger logger, string model, string problem);

    [LoggerMessage(EventId = 5003, EventName = "QueueFull", Level = LogLevel.Debug, Message = "{Model}: a request was refused, {Waiting} wait already")]
    private static partial void QueueFull(ILogger logger, string model, int waiting);

    [LoggerMessage(EventId = 5010, EventName = "GenerationContent", Level = LogLevel.Information, Message = "{Model} was given: {Prompt}\nand wrote: {Text}")]
    private static partial void Content(ILogger logger, string model, string prompt, string text);
}
