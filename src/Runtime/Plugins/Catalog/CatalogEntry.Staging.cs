using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Runtime.Plugins.Catalog;

internal sealed partial class CatalogEntry
{
    // Generations beside the one in the slot: on their way in, or standing by.
    private readonly List<BackendGeneration> _beside = [];

    /// <summary>Loads another generation beside the current one and opens its devices; work still goes to the current one.</summary>
    public async ValueTask<StagedBackend> StageAsync(string? folder, string reason, CancellationToken cancellation)
    {
        var source = folder is null ? _source : _source.In(folder);
        var content = source.Look();
        var generation = await MakeAsync(content, reason).ConfigureAwait(false);
        if (!TryKeep(generation))
        {
            await generation.DisposeAsync().ConfigureAwait(false);
            throw new ObjectDisposedException(nameof(BackendCatalog));
        }
        try
        {
            await RequireAsync(generation).ConfigureAwait(false);
            await OpenDevicesAsync(generation, cancellation).ConfigureAwait(false);
            return new StagedBackend(this, generation, content.Description, source);
        }
        catch
        {
            await DropAsync(generation).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends work to a staged generation from now on.</summary>
    /// <returns>The generation before with a lease on it, so that it can be taken back; nulls if there is none that could be.</returns>
    public async ValueTask<(BackendGeneration? Before, BackendLease? Hold)> ExchangeAsync(BackendGeneration next, BackendDescription description, BackendSource source)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_ended, typeof(BackendCatalog));
            var before = _latest;
            // One that was only asked whether it can run here never worked, and is not to be taken back.
            var hold = before is not null && before == Slot.Current ? before.TryAcquire($"the probation of generation {next.Number}") : null;
            (_latest, _source, _found) = (next, source, description);
            (_problem, _loadReason) = (null, $"it took the place of generation {before?.Number.ToString() ?? "none"}");
            Slot.Exchange(next);
            lock (_beside)
            {
                _beside.Remove(next);
                if (before is not null) _beside.Add(before);
            }
            before?.StandDown($"generation {next.Number} took its place");
            return (before, hold);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Sends work to the generation before again.</summary>
    public async ValueTask<bool> TakeBackAsync(BackendGeneration failed, BackendGeneration before, string reason)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            failed.Quarantine(reason);
            // Somebody exchanged it again, or made another already.
            if (_ended || _latest != failed || !before.TryResume($"generation {failed.Number} failed in probation")) return false;
            _latest = before;
            _problem = $"generation {failed.Number} failed in probation: {reason}";
            Slot.Exchange(before);
            lock (_beside)
            {
                _beside.Remove(before);
                _beside.Add(failed);
            }
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes a failed generation out of the slot and retires it.</summary>
    public async Task<UnloadResult?> RetireFaultedAsync()
    {
        BackendGeneration? failed;
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            failed = _latest;
            if (_ended || failed?.FaultReason is null) return null;
            Slot.Exchange(null);
        }
        finally
        {
            _gate.Release();
        }
        return await failed.RetireAsync(_options.Unload).ConfigureAwait(false);
    }

    /// <summary>Retires a generation that is not in the slot.</summary>
    public async Task<UnloadResult> DropAsync(BackendGeneration generation, UnloadOptions? options = null)
    {
        var result = await generation.RetireAsync(options ?? _options.Unload).ConfigureAwait(false);
        lock (_beside) _beside.Remove(generation);
        return result;
    }

    private bool TryKeep(BackendGeneration generation)
    {
        lock (_beside)
        {
            if (_ended) return false;
            _beside.Add(generation);
            return true;
        }
    }

    private async ValueTask EndStagingAsync()
    {
        BackendGeneration[] beside;
        lock (_beside) beside = [.. _beside];
        foreach (var generation in beside) await generation.DisposeAsync().ConfigureAwait(false);
    }
}
