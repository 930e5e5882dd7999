using System.Diagnostics;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.KvCache;

namespace Hotplug.Inference.Deployment;

internal sealed partial class ModelDeployments
{
    /// <summary>Loads and tests another place beside the current one, while text goes on. What is returned keeps other changes out until it is disposed.</summary>
    /// <exception cref="SwapRefusedException">It cannot be; everything is as before.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; everything is as before.</exception>
    public async Task<PreparedMove> PrepareAsync(ModelOptions options, DeploymentOrigin origin, SwapOptions swap, CancellationToken cancellation)
    {
        if (swap.Validate().FirstOrDefault() is { } nonsense) throw new ArgumentException(nonsense, nameof(swap));
        await _change.WaitAsync(cancellation).ConfigureAwait(false);
        ModelDeployment? next = null;
        try
        {
            var beside = Begin(swap);
            try
            {
                if (swap.Policy == SwapPolicy.StopAndReload) return new PreparedMove(this, null, options, origin, swap, "");
                next = await _loader.LoadAsync(_model.Source, _files, options, origin with { Beside = beside.FaultReason is null ? beside.Executor : null }, progress: swap.Progress, cancellation: cancellation).ConfigureAwait(false);
                next.IsFallback = IsFallback(options, beside);
                return new PreparedMove(this, next, options, origin, swap, Test(next, swap.SelfTestBound, cancellation));
            }
            finally
            {
                LeaveInTurn(beside);
            }
        }
        catch (Exception failure)
        {
            next?.Retire();
            _change.Release();
            if (failure is OperationCanceledException or ObjectDisposedException or ArgumentException) throw;
            throw Refuse(failure);
        }
    }

    /// <summary>Puts the model where it was prepared to go. Nothing has changed when it throws.</summary>
    public ModelMove Commit(PreparedMove move)
    {
        using var activity = _journal.Begin("hotplug.model.move");
        try
        {
            using (Turn.Claim())
            {
                ObjectDisposedException.ThrowIf(_disposed, typeof(LanguageModel));
                var start = Stopwatch.GetTimestamp();
                var before = Current;
                var (next, test, moves) = move.Next is { } beside ? Exchange(beside, move) : StopAndReload(move);
                if (!_standing.Contains(next)) _standing.Add(next);
                Volatile.Write(ref _current, next);
                _journal.Write(ModelTransitionKind.Moved, before.Place, next.Place, "it was asked for");
                move.Probation = Watch(before, next, move.Swap);
                return new()
                {
                    Model = _model.Name, From = before.Place, To = next.Place, Sessions = moves, Pause = Since(start), SelfTest = test, Notes = next.Executor.Plan.Notes,
                };
            }
        }
        catch (Exception failure) when (failure is not ObjectDisposedException)
        {
            throw Refuse(failure);
        }
    }

    /// <summary>Ends a change.</summary>
    public void End() => _change.Release();

    /// <summary>Goes back, or elsewhere, if the current place has failed: what a step would do, for a model that runs none.</summary>
    public void LeaveFaulted()
    {
        using (Turn.Claim())
            if (!_disposed && Current.FaultReason is { } reason) FailOver(Current, reason, null);
    }

    private void LeaveInTurn(ModelDeployment deployment)
    {
        using (Turn.Claim()) Leave(deployment);
    }

    private ModelDeployment Begin(SwapOptions swap)
    {
        using (Turn.Claim())
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(LanguageModel));
            // There is one place to go back to at a time: what is at work now has to do.
            if (_probation is { } probation) Settle(probation, "another change was asked for");
            if (swap.Policy == SwapPolicy.Refuse && _sessions.Count > 0)
                throw new SwapRefusedException($"{Sessions(_sessions.Count)} under way ({string.Join(", ", _sessions.Take(4).Select(s => s.Name))}). Wait for the end, or choose another policy.");
            Current.Users++;
            return Current;
        }
    }

    private (ModelDeployment, string, IReadOnlyList<SessionMove>) Exchange(ModelDeployment next, PreparedMove move)
    {
        if (move.Swap.Policy == SwapPolicy.Refuse && _sessions.Count > 0) throw new SwapRefusedException($"{Sessions(_sessions.Count)} begun meanwhile. Choose another policy.");
        if (next.FaultReason is { } reason) throw new SwapRefusedException($"the new place failed meanwhile: {reason}");
        if (move.Swap.Policy == SwapPolicy.NewSessionsOnly)
            return (next, move.Test, [.. _sessions.Select(s => new SessionMove(s.Name, SessionFate.Stayed, s.Sequence.Length, null))]);
        try
        {
            return (next, move.Test, Put([.. _sessions], next, move.Swap.Policy == SwapPolicy.Migrate ? (session, to) => Carry(session, to, next) : null));
        }
        catch (BackendFaultException fault)
        {
            if (next.Executor.DeviceOf(fault) is { } device) Blame(next, device, fault);
            throw;
        }
    }

    private (ModelDeployment, string, IReadOnlyList<SessionMove>) StopAndReload(PreparedMove move)
    {
        var before = Current;
        var sessions = _sessions.Where(s => s.Deployment == before).ToList();
        var cells = sessions.ToDictionary(s => s, s => Export(s, before));
        // From here on the model has no place. The leases stay, so that the old one can be loaded again.
        var devices = before.Release();
        _standing.Remove(before);
        ModelDeployment? next = null;
        try
        {
            next = _loader.LoadAsync(_model.Source, _files, move.Options, move.Origin).GetAwaiter().GetResult();
            next.IsFallback = IsFallback(move.Options, before);
            var test = Test(next, move.Swap.SelfTestBound, CancellationToken.None);
            var moves = Put(sessions, next, (session, to) => Import(cells[session], to, next));
            devices?.Dispose();
            return (next, test, moves);
        }
        catch (Exception failure)
        {
            next?.Retire();
            Restore(before, devices, sessions, cells, failure);
            throw;
        }
    }

    /// <summary>Another generation of a backend at the place of a fallback is one still; another place was asked for.</summary>
    private static bool IsFallback(ModelOptions options, ModelDeployment before) => before.IsFallback && ReferenceEquals(options, before.Options);

    private void Restore(ModelDeployment before, Runtime.Placement.LeasedDevices? devices, List<ModelSession> sessions, Dictionary<ModelSession, (KvSnapshot?, string?)> cells, Exception failure)
    {
        if (devices is null) throw new SwapRefusedException($"{failure.Message} A call hangs at the old place, so that it was not loaded again; the next step looks for another.", failure);
        ModelDeployment? again = null;
        try
        {
            again = _loader.LoadAsync(_model.Source, _files, before.Options, new() { Devices = devices }).GetAwaiter().GetResult();
            again.IsFallback = before.IsFallback;
            _standing.Add(again);
            var place = again;
            Put(sessions, place, (session, to) => Import(cells[session], to, place));
            Volatile.Write(ref _current, again);
        }
        catch (Exception second) when (second is not ObjectDisposedException)
        {
            if (again is null) devices.Dispose();
            else
            {
                _standing.Remove(again);
                again.Retire();
            }
            throw new SwapRefusedException($"{failure.Message} The old place could not be loaded again either: {second.Message} The next step looks for another.", failure);
        }
    }

    private static (KvSnapshot? Cells, string? Reason) Export(ModelSession session, ModelDeployment place)
    {
        try
        {
            return (KvSnapshot.Take(session.Sequence), null);
        }
        catch (BackendFaultException fault)
        {
            if (place.Executor.DeviceOf(fault) is { } device) Blame(place, device, fault);
            return (null, fault.Message);
        }
    }

    private static string? Import((KvSnapshot? Cells, string? Reason) saved, KvSequence to, ModelDeployment next)
    {
        if (saved.Cells is not { } cells) return saved.Reason;
        if (KvTransfer.WhyNot(cells.Shape, to.Shape.Layers) is { } different) return different;
        try
        {
            cells.Restore(to);
            return null;
        }
        catch (BackendFaultException fault)
        {
            if (next.Executor.DeviceOf(fault) is { } device) Blame(next, device, fault);
            throw;
        }
    }

    /// <summary>Tests a place against the first one this model had, as far as that is known.</summary>
    private string Test(ModelDeployment next, double? bound, CancellationToken cancellation)
    {
        if (bound is not null && _reference is null)
        {
            using (Turn.Claim())
            {
                try
                {
                    if (Current.FaultReason is null) _reference = SelfTest.Logits(Current.Executor, _model.Tokenizer.VocabularySize, cancellation);
                }
                catch (Exception failure) when (failure is BackendFaultException or ObjectDisposedException)
                {
                    // It is about to be left, or its next step reports the fault: the new place is tested by itself.
                }
            }
        }
        try
        {
            return SelfTest.Run(next.Executor, _model.Tokenizer.VocabularySize, _reference, bound, cancellation);
        }
        catch (BackendFaultException fault)
        {
            if (next.Executor.DeviceOf(fault) is { } device) Blame(next, device, fault);
            throw;
        }
    }

    private Probation? Watch(ModelDeployment before, ModelDeployment next, SwapOptions swap)
    {
        if (!_standing.Contains(before)) return null;
        if (swap.ProbationSteps == 0 || before.FaultReason is not null)
        {
            SendAway(before);
            return null;
        }
        var probation = _probation = new Probation(before, next, swap.ProbationSteps);
        probation.Timer = _time.CreateTimer(state =>
        {
            using (Turn.Claim()) Settle((Probation)state!, "its time is over");
        }, probation, swap.ProbationWindow, Timeout.InfiniteTimeSpan);
        return probation;
    }

    private SwapRefusedException Refuse(Exception failure)
    {
        _journal.Write(ModelTransitionKind.Refused, Current.Place, Current.Place, Line(failure));
        return failure is SwapRefusedException known ? known : new SwapRefusedException($"The model goes on where it was: {Line(failure)}", failure);
    }

    private static string Line(Exception failure) => failure.Message.ReplaceLineEndings(" ");

    private static string Sessions(int count) => count == 1 ? "1 session is" : $"{count} sessions are";
}
