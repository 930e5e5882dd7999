using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Hotplug.ServerTests.Faults;

/// <summary>What a server has open, by the web server's own counters.</summary>
internal sealed class ServerCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _connections, _requests;

    public ServerCounts(StoryServer server)
    {
        var meters = server.App.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "kestrel.active_connections" or "http.server.active_requests" && ReferenceEquals(instrument.Meter.Scope, meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, change, _, _) => Interlocked.Add(ref instrument.Name == "kestrel.active_connections" ? ref _connections : ref _requests, change));
        _listener.Start();
    }

    public long Connections => Interlocked.Read(ref _connections);

    public long Requests => Interlocked.Read(ref _requests);

    public void Dispose() => _listener.Dispose();
}
