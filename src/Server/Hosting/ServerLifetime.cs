using Hotplug.Extensions.AI.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hotplug.Server.Hosting;

/// <summary>
/// Loads the models when the host starts, and brings requests to their end when it stops: from that moment nothing new is taken, the web server waits for the answers under way, and what the
/// host's shutdown time-out does not allow is given up.
/// </summary>
internal sealed class ServerLifetime(ModelDirectory directory, ServedModels served, IOptions<HotplugServerOptions> options, ILogger<ServerLifetime> logger) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _loading = Task.CompletedTask;
    private Task _draining = Task.CompletedTask;
    private volatile bool _stopping;

    /// <summary>How it stands.</summary>
    public ServerState State => _stopping ? ServerState.Draining : !_loading.IsCompleted ? ServerState.Loading : _loading.IsFaulted ? ServerState.Failed : ServerState.Ready;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The server listens meanwhile: requests wait for their model, and readiness says that it is not there yet.
        if (options.Value.LoadAtStart) _loading = LoadAsync();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the web server stops, so that connections that stay open bring nothing new.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        _draining = served.DrainAsync(cancellationToken);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _draining.ConfigureAwait(false);
        await Task.WhenAny(_loading).ConfigureAwait(false);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    private async Task LoadAsync()
    {
        foreach (var name in directory.Names)
            try
            {
                await directory.LoadAsync(name, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                ServerLog.LoadFailed(logger, failure, name);
                throw;
            }
    }
}
