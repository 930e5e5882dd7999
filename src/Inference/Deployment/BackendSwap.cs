using Hotplug.Abstractions.Faults;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Services;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Inference.Deployment;

/// <summary>
/// Swaps a backend under the models that use it: loads the new generation beside the old one, prepares every model on it, exchanges the slot, moves the models one after the
/// other, and watches them through probation. One backend at a time.
/// </summary>
internal sealed class BackendSwap(IBackendCatalog catalog, Func<IReadOnlyList<LanguageModel>> models) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <exception cref="SwapRefusedException">It was not done; everything is as before.</exception>
    public async Task<BackendSwapResult> RunAsync(BackendSwapRequest request, CancellationToken cancellation)
    {
        if (request.Options.Validate().FirstOrDefault() is { } nonsense) throw new ArgumentException(nonsense, nameof(request));
        using var activity = RuntimeMeter.Activities.StartActivity("hotplug.backend.swap")?.SetTag(RuntimeMeter.BackendTag, request.Backend);
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await SwapAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is BackendException or PluginRejectedException or BackendUnavailableException)
        {
            throw new SwapRefusedException($"Backend '{request.Backend}' was not swapped: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<BackendSwapResult> SwapAsync(BackendSwapRequest request, CancellationToken cancellation)
    {
        await using var staged = await catalog.StageAsync(request.Backend, request.Folder, cancellation).ConfigureAwait(false);
        var prepared = new List<PreparedMove>();
        try
        {
            // One after the other in a fixed order: each keeps other changes out of its model.
            foreach (var model in models().Where(m => m.Deployment.Backends.Contains(request.Backend)).OrderBy(m => m.Number))
            {
                try
                {
                    prepared.Add(await model.Deployments.PrepareAsync(model.Deployment.Options, new() { Staged = staged }, request.Options, cancellation).ConfigureAwait(false));
                }
                catch (ObjectDisposedException)
                {
                    // It ended meanwhile.
                }
            }
            var exchange = await staged.ExchangeAsync().ConfigureAwait(false);
            var moves = await MoveAsync(prepared, exchange).ConfigureAwait(false);
            var probations = prepared.Select(p => p.Probation?.Outcome).OfType<Task<string?>>().ToArray();
            return new()
            {
                Backend = request.Backend, From = exchange.Before, To = exchange.Generation, Version = staged.Description.Version, ContentHash = staged.ContentHash, Models = moves,
                Completion = Task.Run(() => SettleAsync(exchange, probations, request.Options), CancellationToken.None),
            };
        }
        finally
        {
            foreach (var move in prepared) move.Dispose();
        }
    }

    private async Task<IReadOnlyList<ModelMove>> MoveAsync(List<PreparedMove> prepared, BackendExchange exchange)
    {
        var moves = new List<ModelMove>();
        try
        {
            foreach (var move in prepared)
            {
                try
                {
                    moves.Add(move.Commit());
                }
                catch (ObjectDisposedException)
                {
                }
            }
            return moves;
        }
        catch (SwapRefusedException refused)
        {
            await exchange.RollBackAsync(refused.Message).ConfigureAwait(false);
            // Those that had moved find their generation quarantined, and go back the same way as by a fault.
            LeaveFaulted();
            throw;
        }
    }

    private async Task<BackendSwapOutcome> SettleAsync(BackendExchange exchange, Task<string?>[] probations, SwapOptions options)
    {
        string? failure = null;
        foreach (var probation in probations) failure ??= await FirstFailureAsync(probations, probation).ConfigureAwait(false);
        if (failure is null) return new(null, await exchange.CommitAsync(options.Unload).ConfigureAwait(false));
        var retired = exchange.RollBackAsync(failure);
        LeaveFaulted();
        return new(failure, await retired.ConfigureAwait(false));
    }

    /// <summary>Waits for one probation, or for any that fails.</summary>
    private static async Task<string?> FirstFailureAsync(Task<string?>[] all, Task<string?> one)
    {
        var open = all.ToList();
        while (!one.IsCompleted)
        {
            var first = await Task.WhenAny(open).ConfigureAwait(false);
            if (await first.ConfigureAwait(false) is { } failure) return failure;
            open.Remove(first);
        }
        return await one.ConfigureAwait(false);
    }

    private void LeaveFaulted()
    {
        foreach (var model in models())
        {
            try
            {
                model.Deployments.LeaveFaulted();
            }
            catch (BackendFaultException)
            {
                // Reported; its next step tries again.
            }
        }
    }
}
