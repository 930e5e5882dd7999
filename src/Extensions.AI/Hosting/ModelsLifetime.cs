using System.Diagnostics;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hotplug.Extensions.AI.Hosting;

/// <summary>
/// Loads and warms the models when the host starts, and brings requests to their end when it stops: from that moment nothing new is taken, answers under way are waited for, and what the host's
/// shutdown time-out does not allow is given up.
/// </summary>
public sealed class ModelsLifetime : IHostedLifecycleService, IDisposable
{
    private readonly IModelHost _host;
    private readonly ServedModels _served;
    private readonly ModelsLifetimeOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _failed = [];
    private Task _loading = Task.CompletedTask;
    private Task _draining = Task.CompletedTask;
    private volatile bool _stopping;

    /// <summary>Does nothing until the host starts.</summary>
    public ModelsLifetime(IModelHost host, ServedModels served, IOptions<ModelsLifetimeOptions> options, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_host, _served, _options, _logger) = (host, served, options.Value, (loggers ?? NullLoggerFactory.Instance).CreateLogger("Hotplug.Models"));
    }

    /// <summary>How it stands.</summary>
    public ModelsState State => _stopping ? ModelsState.Draining : !_loading.IsCompleted ? ModelsState.Loading : Failed.Count > 0 ? ModelsState.Failed : ModelsState.Ready;

    /// <summary>Ends when each model is ready or has failed, or the host stops before. Does not fail.</summary>
    public Task Loading => _loading;

    /// <summary>Names of the models that could not be loaded; the log says why.</summary>
    public IReadOnlyList<string> Failed
    {
        get
        {
            lock (_failed) return [.. _failed];
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The program runs meanwhile: requests wait for their model, and readiness says that it is not there yet.
        if (_options.LoadAtStart) _loading = Task.Run(LoadAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before other services stop, so that connections that stay open bring nothing new.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var loaded = _served.Loaded;
        ModelsLog.Draining(_logger, loaded.Sum(s => s.Scheduler.Writing), loaded.Sum(s => s.Scheduler.Waiting));
        _draining = _served.DrainAsync(cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _draining.ConfigureAwait(false);
        await _loading.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task LoadAsync()
    {
        foreach (var name in _host.Names)
            try
            {
                var start = Stopwatch.GetTimestamp();
                var model = await _host.GetAsync(name, _stop.Token).ConfigureAwait(false);
                if (model.Source.Description.Purpose == ModelPurpose.Text) await _served.GetAsync(name, _stop.Token).ConfigureAwait(false);
                ModelsLog.Ready(_logger, name, Stopwatch.GetElapsedTime(start).TotalSeconds, model.Deployment.Place);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure)
            {
                ModelsLog.LoadFailed(_logger, failure, name);
                lock (_failed) _failed.Add(name);
            }
    }
}
