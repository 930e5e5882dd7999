using System.Diagnostics;
using Hotplug.Abstractions.Faults;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.KvCache;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Reports;

namespace Hotplug.Inference.Deployment;

/// <summary>
/// Where a model runs: its current deployment, those it is leaving, and the sessions on them. A turn is held from running a step until its output has been read; whatever is
/// exchanged is exchanged in a turn, so that every session is between two tokens. Loading happens outside of turns, one change at a time.
/// </summary>
internal sealed partial class ModelDeployments : IDisposable
{
    private readonly LanguageModel _model;
    private readonly IReadOnlyList<WeightFile> _files;
    private readonly DeploymentLoader _loader;
    private readonly DeploymentJournal _journal;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _change = new(1, 1);
    private readonly List<ModelSession> _sessions = [];
    private readonly List<ModelDeployment> _standing = [];
    private ModelDeployment _current;
    private Probation? _probation;
    private float[]? _reference;
    private Task _leaving = Task.CompletedTask;
    private long _chosen;
    private bool _proven;
    private bool _disposed;

    public ModelDeployments(LanguageModel model, ModelDeployment first, IReadOnlyList<WeightFile> files, DeploymentLoader loader, DeploymentJournal journal, TimeProvider time)
    {
        (_model, _current, _files, _loader, _journal, _time) = (model, first, files, loader, journal, time);
        _standing.Add(first);
    }

    /// <summary>Held from running a step until its output has been read.</summary>
    public TurnLock Turn { get; } = new();

    /// <summary>Where sessions begin now.</summary>
    public ModelDeployment Current => Volatile.Read(ref _current);

    /// <summary>Sessions at this moment.</summary>
    public int SessionCount
    {
        get
        {
            using (Turn.Claim()) return _sessions.Count;
        }
    }

    /// <summary>Tokens chosen so far, for all sessions.</summary>
    public long TokensChosen => Volatile.Read(ref _chosen);

    /// <summary>Describes the current deployment. The devices are asked in a turn, in which they cannot leave; once per deployment.</summary>
    public DeploymentReport Describe()
    {
        if (Current.Report is { } known) return known;
        using (Turn.Claim())
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(LanguageModel));
            return Current.Report ??= BackendCall.Invoke(string.Join(" + ", Current.Backends), "describing a plan", (Current, _model.Source), static of
                => new DeploymentReport(of.Current.Number, of.Current.Place, PlanDocument.From(of.Source.Name, of.Source.Description.Architecture, of.Current.Executor.Plan), of.Current.Executor.Receipt));
        }
    }

    public ModelSession Open(string name)
    {
        using (Turn.Claim())
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(LanguageModel));
            var session = new ModelSession(_model, name, Current);
            Current.Users++;
            _sessions.Add(session);
            return session;
        }
    }

    public void Close(ModelSession session)
    {
        using (Turn.Claim())
        {
            if (session.IsDisposed) return;
            session.End();
            _sessions.Remove(session);
            Leave(session.Deployment);
        }
    }

    /// <summary>Counts a token that was chosen. In a turn; allocates nothing.</summary>
    public void Ran(ModelDeployment deployment)
    {
        _proven = true;
        Volatile.Write(ref _chosen, _chosen + 1);
        _stepsSinceFault++;
        if (_probation is { } probation && ReferenceEquals(probation.Next, deployment) && --probation.StepsLeft <= 0) Settle(probation, "it ran its steps");
    }

    public void Dispose()
    {
        Task leaving;
        using (Turn.Claim())
        {
            if (_disposed) return;
            _disposed = true;
            foreach (var session in _sessions) session.End();
            _sessions.Clear();
            _probation?.End(null);
            _probation = null;
            foreach (var deployment in _standing.ToArray())
            {
                deployment.Users = 0;
                SendAway(deployment);
            }
            leaving = _leaving;
        }
        leaving.GetAwaiter().GetResult();
    }

    /// <summary>Lets a deployment go once nobody is on it.</summary>
    private void SendAway(ModelDeployment deployment)
    {
        deployment.IsLeaving = true;
        if (deployment.Users == 0) Retire(deployment);
    }

    private void Leave(ModelDeployment deployment)
    {
        deployment.Users--;
        if (deployment is { IsLeaving: true, Users: 0 }) Retire(deployment);
    }

    /// <summary>Gives a deployment back behind those before it, on a thread that no step waits for.</summary>
    private void Retire(ModelDeployment deployment)
    {
        if (!_standing.Remove(deployment)) return;
        _leaving = _leaving.ContinueWith(static (_, state) => ((ModelDeployment)state!).Retire(), deployment, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Ends a probation for good: there is no way back from now on.</summary>
    /// <param name="probation">The probation; nothing is done if it is over already.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="failure">What the new place did if it has failed all the same; null if it has not.</param>
    private void Settle(Probation probation, string reason, string? failure = null)
    {
        if (_probation != probation) return;
        _probation = null;
        _journal.Write(ModelTransitionKind.Settled, probation.Previous.Place, probation.Next.Place, reason);
        SendAway(probation.Previous);
        probation.End(failure);
    }

    /// <summary>
    /// Puts sessions on a deployment: all, or none when it throws. Each takes its cells along if <paramref name="cells"/> can carry them.
    /// </summary>
    private List<SessionMove> Put(IReadOnlyList<ModelSession> sessions, ModelDeployment next, Func<ModelSession, KvSequence, string?>? cells)
    {
        var still = 0;
        try
        {
            for (; still < sessions.Count; still++) sessions[still].Still.Enter();
            return PutStill(sessions, next, cells);
        }
        finally
        {
            while (still > 0) sessions[--still].Still.Exit();
        }
    }

    private List<SessionMove> PutStill(IReadOnlyList<ModelSession> sessions, ModelDeployment next, Func<ModelSession, KvSequence, string?>? cells)
    {
        if (next.Executor.WhyNoRoom([.. sessions.Select(s => Math.Max(s.Wanted, s.Sequence.Length) + 1)]) is { } full)
            throw new SwapRefusedException($"{sessions.Count} sessions do not fit there: {full}. End one, or load the model for more sequences.");
        var made = new List<KvSequence>(sessions.Count);
        var moves = new List<SessionMove>(sessions.Count);
        try
        {
            foreach (var session in sessions)
            {
                var sequence = next.Executor.NewSequence();
                made.Add(sequence);
                var reason = cells is null || session.Sequence.Length == 0 ? null : cells(session, sequence);
                moves.Add(new(session.Name, cells is null || reason is not null || (sequence.Length == 0 && session.Wanted > 0) ? SessionFate.Recomputed : SessionFate.Migrated, sequence.Length, reason));
            }
        }
        catch
        {
            foreach (var sequence in made) sequence.Dispose();
            throw;
        }
        for (var i = 0; i < made.Count; i++)
        {
            var before = sessions[i].Deployment;
            next.Users++;
            sessions[i].Stand(next, made[i]);
            Leave(before);
            _journal.Write(moves[i]);
        }
        return moves;
    }

    /// <summary>Carries cells from a session's place to another; says why they could not be carried. A fault of the new place is thrown.</summary>
    private string? Carry(ModelSession session, KvSequence to, ModelDeployment next)
    {
        if (KvTransfer.WhyNot(session.Sequence.Shape, to.Shape.Layers) is { } different) return different;
        try
        {
            KvTransfer.Copy(session.Sequence, to);
            return null;
        }
        catch (BackendFaultException fault) when (next.Executor.DeviceOf(fault) is null)
        {
            if (session.Deployment.Executor.DeviceOf(fault) is { } device) Blame(session.Deployment, device, fault);
            return fault.Message;
        }
    }

    private static void Blame(ModelDeployment deployment, PlacementDevice device, BackendFaultException fault)
        => deployment.Devices.Quarantine(device.Backend, fault.Message, fault.Kind == FaultKind.TimedOut && deployment.Executor.IsHung ? $"{fault.Operation} on {device.Name}" : null);

    private static TimeSpan Since(long start) => Stopwatch.GetElapsedTime(start);
}
