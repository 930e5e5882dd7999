using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Inference.Deployment;

internal sealed partial class ModelDeployments
{
    private readonly Dictionary<string, int> _faults = [];
    private int _stepsSinceFault;

    /// <summary>What a failed step asks: puts its session where the step can be run again. In the turn of the step.</summary>
    /// <returns>False if the fault is not one of a device of the session's place.</returns>
    /// <exception cref="BackendFaultException">Nothing could take over; the message says what failed, and why each of the others could not.</exception>
    public bool TryRecover(ModelSession session, BackendFaultException fault)
    {
        var failed = session.Deployment;
        if (failed.Executor.DeviceOf(fault) is not { } device) return false;
        Blame(failed, device, fault);
        FailOver(failed, fault.Message, fault);
        return true;
    }

    /// <summary>
    /// What logits that are no numbers ask: whether it is the place. One that fails the self-test is left like one that failed; otherwise the session's cells are made again, since they may be what is wrong.
    /// In the turn of the step.
    /// </summary>
    /// <returns>False if the model never chose a token: then its file is as likely to be wrong as the place, and changing places helps nobody.</returns>
    public bool TryDoubt(ModelSession session, LogitsException nonsense)
    {
        if (!_proven) return false;
        var place = session.Deployment;
        try
        {
            SelfTest.Run(place.Executor, _model.Tokenizer.VocabularySize, _reference, new SwapOptions().SelfTestBound, CancellationToken.None);
            session.Sequence.Truncate(0);
        }
        catch (BackendFaultException fault)
        {
            Blame(place, place.Executor.DeviceOf(fault) ?? place.Executor.Plan.Slices[^1].Device, fault);
            FailOver(place, $"{nonsense.Message} {fault.Message}", fault);
        }
        return true;
    }

    /// <summary>Leaves a place of which another model, or another session, found that it has failed. In a turn; allocates nothing while all is well.</summary>
    public void LeaveIfFaulted(ModelSession session)
    {
        var place = session.Deployment;
        if (place.FaultReason is { } reason && !place.IsStranded) FailOver(place, reason, null);
    }

    private void FailOver(ModelDeployment failed, string reason, BackendFaultException? fault)
    {
        using var activity = _journal.Begin("hotplug.model.failover");
        var faulted = failed.FaultedBackends;
        if (_stepsSinceFault >= _model.Options.Failover.ForgivingSteps) _faults.Clear();
        _stepsSinceFault = 0;
        foreach (var backend in faulted) _faults[backend] = _faults.GetValueOrDefault(backend) + 1;

        var refusals = new List<string>();
        if (!TryStandby(failed, reason, refusals) && !TryLoad(failed, faulted, reason, carry: fault is null, refusals))
        {
            var refused = refusals.Count == 0 ? "the policy allows no other" : string.Join("; ", refusals);
            _journal.Write(ModelTransitionKind.Stranded, failed.Place, failed.Place, Stranded(reason, refused));
            failed.IsStranded = true;
            if (fault is not null) throw new BackendFaultException(fault.Kind, fault.Origin, fault.Operation, Stranded(fault.Reason, refused), fault.Detail);
            return;
        }
        if (_probation is { } probation && (probation.Next == failed || probation.Previous == failed)) Settle(probation, "one of its places failed", probation.Next == failed ? reason : null);
        SendAway(failed);
        // Not waited for: this thread may hold what they wait for.
        foreach (var backend in faulted) _ = Task.Run(async () => await _loader.Catalog.RetireFaultedAsync(backend).ConfigureAwait(false));
    }

    private static string Stranded(string reason, string refused) => $"{reason.TrimEnd('.')}; no other place took over: {refused.TrimEnd('.')}.".ReplaceLineEndings(" ");

    /// <summary>A place that is loaded already: the one before in probation, or the current one for sessions that stayed behind.</summary>
    private bool TryStandby(ModelDeployment failed, string reason, List<string> refusals)
    {
        var probation = _probation is { } p && p.Next == failed ? p : null;
        var place = failed != Current ? Current : probation?.Previous;
        if (place is null || place.FaultReason is not null) return false;
        try
        {
            Put([.. _sessions.Where(s => s.Deployment == failed)], place, null);
        }
        catch (Exception failure) when (failure is SwapRefusedException or BackendFaultException)
        {
            refusals.Add($"{place.Place}: {Line(failure)}");
            return false;
        }
        if (failed != Current)
        {
            _journal.Write(ModelTransitionKind.FailedOver, failed.Place, place.Place, reason);
            return true;
        }
        Volatile.Write(ref _current, place);
        _probation = null;
        _journal.Write(ModelTransitionKind.RolledBack, failed.Place, place.Place, reason);
        probation!.End(reason);
        return true;
    }

    private bool TryLoad(ModelDeployment failed, IReadOnlySet<string> faulted, string reason, bool carry, List<string> refusals)
    {
        foreach (var (options, except, what) in Candidates(failed.Options, faulted))
        {
            ModelDeployment? next = null;
            try
            {
                next = _loader.LoadAsync(_model.Source, _files, options, new() { Except = except }).GetAwaiter().GetResult();
                Test(next, new SwapOptions().SelfTestBound, CancellationToken.None);
                next.IsFallback = failed.IsFallback || !ReferenceEquals(options, failed.Options);
                var place = next;
                Put([.. _sessions.Where(s => s.Deployment == failed)], place, carry ? (session, to) => Carry(session, to, place) : null);
                _standing.Add(next);
                if (failed == Current) Volatile.Write(ref _current, next);
                else SendAway(next);
                _journal.Write(ModelTransitionKind.FailedOver, failed.Place, next.Place, $"{reason.ReplaceLineEndings(" ").TrimEnd('.')} ({what})");
                return true;
            }
            catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
            {
                next?.Retire();
                refusals.Add($"{what}: {Line(failure)}");
            }
        }
        return false;
    }

    /// <summary>Where to look, in order.</summary>
    private IEnumerable<(ModelOptions Options, IReadOnlySet<string>? Except, string What)> Candidates(ModelOptions wishes, IReadOnlySet<string> faulted)
    {
        var failover = _model.Options.Failover;
        if (failover.Policy == FailoverPolicy.Off) yield break;
        // Without a fault of its own the place was given up by a reload that failed: then it is as good as any.
        if (faulted.All(b => _faults.GetValueOrDefault(b) <= failover.Restarts))
            yield return (wishes, null, faulted.Count == 0 ? "the same place" : $"a fresh generation of {string.Join(" and ", faulted)}");
        if (failover.Policy == FailoverPolicy.SameBackend) yield break;
        var spent = _faults.Where(f => f.Value > failover.Restarts).Select(f => f.Key).Concat(faulted).ToHashSet();
        var rules = wishes.Placement.Rules.Where(r => !spent.Contains(DeviceAddress.Parse(r.Device).Backend)).ToList();
        foreach (var backend in failover.Backends)
            if (!spent.Contains(DeviceAddress.Parse(backend).Backend))
                yield return (wishes with { Placement = new() { Backend = backend, Rules = rules, Headroom = wishes.Placement.Headroom } }, spent, backend);
        if (failover.Backends.Count == 0)
            yield return (wishes with { Placement = new() { Rules = rules, Headroom = wishes.Placement.Headroom } }, spent, $"what is left without {string.Join(" and ", spent)}");
    }
}
