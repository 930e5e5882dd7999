using System.Diagnostics;
using Hotplug.Runtime.Plugins.Services;
using Microsoft.Extensions.Logging;

namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>The state of one generation: legal steps only, each with one log event, one metric, one event of the current activity and one notification.</summary>
internal sealed partial class BackendLifecycle(string backend, long generation, ILogger logger, Action<BackendTransition>? listener)
{
    private readonly Lock _gate = new();

    public BackendState State { get; private set; } = BackendState.Discovered;

    /// <summary>Whether one state may follow another.</summary>
    public static bool IsLegal(BackendState from, BackendState to) => (from, to) switch
    {
        (BackendState.Unloaded, _) => false,
        (BackendState.Resident, BackendState.Unloaded) => true,
        (BackendState.Resident, _) => false,
        (BackendState.Faulted, BackendState.Draining) => true,
        (BackendState.Faulted, _) => false,
        (_, BackendState.Faulted) => true,
        (BackendState.Discovered, BackendState.Validated) => true,
        (BackendState.Validated, BackendState.Loaded) => true,
        (BackendState.Loaded, BackendState.Warm or BackendState.Draining) => true,
        (BackendState.Warm, BackendState.Active or BackendState.Draining) => true,
        (BackendState.Active, BackendState.Draining) => true,
        (BackendState.Draining, BackendState.Unloaded or BackendState.Resident) => true,
        // Its successor failed in probation.
        (BackendState.Draining, BackendState.Active) => true,
        _ => false,
    };

    /// <summary>Takes a step.</summary>
    /// <exception cref="InvalidOperationException">The step is not legal.</exception>
    public void Step(BackendState to, string reason)
    {
        if (!TryStep(to, reason)) throw new InvalidOperationException($"Backend '{backend}' cannot go from {State} to {to} ({reason}).");
    }

    /// <summary>Takes a step if it is legal.</summary>
    public bool TryStep(BackendState to, string reason)
    {
        BackendTransition step;
        lock (_gate)
        {
            if (!IsLegal(State, to)) return false;
            step = new(backend, generation, State, to, reason);
            State = to;
        }
        Stepped(logger, to is BackendState.Faulted ? LogLevel.Error : LogLevel.Information, backend, generation, step.From, to, reason);
        RuntimeMeter.Transitions.Add(1, new KeyValuePair<string, object?>(RuntimeMeter.BackendTag, backend), new(RuntimeMeter.StateTag, to.ToString()));
        Activity.Current?.AddEvent(new ActivityEvent("hotplug.backend.transition", tags: new()
        {
            { RuntimeMeter.BackendTag, backend }, { RuntimeMeter.GenerationTag, generation }, { RuntimeMeter.StateTag, to.ToString() },
        }));
        listener?.Invoke(step);
        return true;
    }

    [LoggerMessage(EventId = 2000, EventName = "BackendTransition", Message = "Backend {Backend} generation {Generation}: {From} → {To}. {Reason}")]
    private static partial void Stepped(ILogger logger, LogLevel level, string backend, long generation, BackendState from, BackendState to, string reason);
}
