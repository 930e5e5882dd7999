using System.Diagnostics;
using Hotplug.Runtime.Plugins.Services;
using Microsoft.Extensions.Logging;

namespace Hotplug.Inference.Deployment;

/// <summary>Says what happens to where a model runs: each change is one log event, one metric, one event of the current activity and one notification. The only place that does.</summary>
internal sealed partial class DeploymentJournal(string model, ILogger logger, Action<ModelTransition>? listener)
{
    private const string ModelTag = "hotplug.model";

    public void Write(ModelTransitionKind kind, string from, string to, string reason)
    {
        var level = kind switch
        {
            ModelTransitionKind.FailedOver or ModelTransitionKind.RolledBack or ModelTransitionKind.Refused => LogLevel.Warning,
            ModelTransitionKind.Stranded => LogLevel.Error,
            _ => LogLevel.Information,
        };
        Changed(logger, level, model, kind, from, to, reason);
        RuntimeMeter.Deployments.Add(1, new KeyValuePair<string, object?>(ModelTag, model), new(RuntimeMeter.OutcomeTag, kind.ToString()));
        Activity.Current?.AddEvent(new ActivityEvent("hotplug.model.transition", tags: new() { { ModelTag, model }, { RuntimeMeter.OutcomeTag, kind.ToString() } }));
        listener?.Invoke(new(model, kind, from, to, reason));
    }

    public void Write(SessionMove move)
    {
        Moved(logger, move.Reason is null ? LogLevel.Debug : LogLevel.Warning, move.Session, model, move.Fate, move.Cells, move.Reason ?? "as asked");
        RuntimeMeter.Sessions.Add(1, new KeyValuePair<string, object?>(ModelTag, model), new(RuntimeMeter.OutcomeTag, move.Fate.ToString()));
    }

    public Activity? Begin(string name) => RuntimeMeter.Activities.StartActivity(name)?.SetTag(ModelTag, model);

    [LoggerMessage(EventId = 3000, EventName = "ModelTransition", Message = "Model {Model}: {Kind}, {From} → {To}. {Reason}")]
    private static partial void Changed(ILogger logger, LogLevel level, string model, ModelTransitionKind kind, string from, string to, string reason);

    [LoggerMessage(EventId = 3001, EventName = "SessionMoved", Message = "Session {Session} of model {Model}: {Fate}, {Cells} cells carried; {Reason}")]
    private static partial void Moved(ILogger logger, LogLevel level, string session, string model, SessionFate fate, int cells, string reason);
}
