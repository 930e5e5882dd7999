using System.Threading.Channels;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;
using Microsoft.Extensions.Hosting;

namespace Hotplug.Server.Administration;

/// <summary>Tells whoever listens what happens to backends and models. One who does not keep up misses the oldest; nobody waits for him. Ends with the application. Thread-safe.</summary>
internal sealed class AdminEvents : IDisposable
{
    private const int Backlog = 256;

    private readonly IModelHost _host;
    private readonly IBackendCatalog? _catalog;
    private readonly TimeProvider _time;
    private readonly List<Channel<AdminEvent>> _listeners = [];
    private readonly CancellationTokenRegistration _stopping;
    private bool _ended;

    public AdminEvents(IModelHost host, IBackendCatalog? catalog, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        (_host, _catalog, _time) = (host, catalog, time);
        _host.Transitioned += Tell;
        if (_catalog is not null) _catalog.Transitioned += Tell;
        _stopping = lifetime.ApplicationStopping.Register(End);
    }

    /// <summary>What happens from now on, until the application stops or the caller does.</summary>
    public Subscription Listen()
    {
        var channel = Channel.CreateBounded<AdminEvent>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_listeners)
        {
            if (_ended) channel.Writer.Complete();
            else _listeners.Add(channel);
        }
        return new(this, channel);
    }

    /// <summary>A receiver of the progress of loads.</summary>
    public IProgress<LoadProgress> Progress() => new LoadReporter(this);

    public void Dispose()
    {
        _host.Transitioned -= Tell;
        if (_catalog is not null) _catalog.Transitioned -= Tell;
        _stopping.Dispose();
        End();
    }

    private void Tell(ModelTransition transition) => Tell(new AdminEvent { Type = "model", Time = _time.GetUtcNow(), Model = transition });

    private void Tell(BackendTransition transition) => Tell(new AdminEvent { Type = "backend", Time = _time.GetUtcNow(), Backend = transition });

    private void Tell(AdminEvent what)
    {
        lock (_listeners)
            foreach (var listener in _listeners) listener.Writer.TryWrite(what);
    }

    private void End()
    {
        lock (_listeners)
        {
            _ended = true;
            foreach (var listener in _listeners) listener.Writer.TryComplete();
            _listeners.Clear();
        }
    }

    private void Remove(Channel<AdminEvent> listener)
    {
        lock (_listeners) _listeners.Remove(listener);
    }

    /// <summary>Events as they come; disposing ends it.</summary>
    internal sealed class Subscription(AdminEvents events, Channel<AdminEvent> channel) : IDisposable
    {
        public ChannelReader<AdminEvent> Reader => channel.Reader;

        public void Dispose() => events.Remove(channel);
    }

    /// <summary>Tells of a load now and then: of a stage's end always, of its bytes at most every tenth of a second.</summary>
    private sealed class LoadReporter(AdminEvents events) : IProgress<LoadProgress>
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
        private long _last;

        public void Report(LoadProgress value)
        {
            if (value.Done != value.Total && _last != 0 && events._time.GetElapsedTime(_last) < Pause) return;
            _last = events._time.GetTimestamp();
            events.Tell(new AdminEvent { Type = "progress", Time = events._time.GetUtcNow(), Progress = new(value.Stage.ToString(), value.Device, value.Done, value.Total) });
        }
    }
}
