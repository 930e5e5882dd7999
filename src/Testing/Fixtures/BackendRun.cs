using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Testing.Hosting;
using Hotplug.Testing.Memory;

namespace Hotplug.Testing.Fixtures;

/// <summary>One backend from start to end, with its host and the buffers that a test made. Ending it checks that everything is back.</summary>
public sealed class BackendRun : ITestMemory, IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<string> _violations = [];
    private bool _ended;

    internal BackendRun(BackendFixture fixture, TestPluginHost host, IBackendPlugin plugin, IBackend backend)
        => (Fixture, Host, Plugin, Backend) = (fixture, host, plugin, backend);

    /// <summary>Who made it.</summary>
    public BackendFixture Fixture { get; }

    /// <summary>The host of the plugin.</summary>
    public TestPluginHost Host { get; }

    /// <summary>The plugin.</summary>
    public IBackendPlugin Plugin { get; }

    /// <summary>The backend.</summary>
    public IBackend Backend { get; }

    /// <summary>A device by its id, or the first for null.</summary>
    public IDevice Device(string? id = null) => id is null
        ? Backend.Devices[0]
        : Backend.Devices.FirstOrDefault(d => d.Info.Id == id) ?? throw new ArgumentException($"{Backend.Info.Id} has no device {id}.", nameof(id));

    /// <summary>A buffer type by its name, with the device it belongs to.</summary>
    public (IDevice Device, IBufferType Type) BufferType(string name)
    {
        foreach (var device in Backend.Devices)
            foreach (var type in device.BufferTypes)
                if (type.Name == name) return (device, type);
        throw new ArgumentException($"{Backend.Info.Id} has no buffer type {name}; it has {string.Join(", ", Backend.Devices.SelectMany(d => d.BufferTypes).Select(t => t.Name))}.", nameof(name));
    }

    /// <summary>Makes a buffer, which the run disposes at its end at the latest.</summary>
    /// <param name="type">A type of this backend.</param>
    /// <param name="length">Bytes; 0 for an empty buffer.</param>
    /// <param name="usage">What it is for.</param>
    /// <param name="access">What a host-visible buffer may do with its memory.</param>
    /// <param name="content">What its memory holds beforehand, for host-visible types; the rest is poisoned.</param>
    public TestBuffer Allocate(IBufferType type, nuint length, BufferUsage usage = BufferUsage.Any, HostAccess access = HostAccess.ReadWrite, ReadOnlySpan<byte> content = default)
        => Own(new TestBuffer(type, length, usage, access, content, Report));

    /// <summary>Has the run dispose something before the backend, last first.</summary>
    public T Own<T>(T item) where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }

    /// <summary>Notes a broken rule; the end of the run throws it.</summary>
    public void Report(string violation) => _violations.Add(violation);

    /// <summary>Disposes what the test made, then the backend and the plugin, and checks that everything is back.</summary>
    /// <exception cref="LeftoverException">Something is not, or a rule was broken on the way.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        try
        {
            for (var i = _owned.Count - 1; i >= 0; i--) Try(_owned[i].Dispose, "Disposing what a test made");
            await TryAsync(Backend.DisposeAsync, "Disposing the backend");
            Host.EndLifetime();
            await TryAsync(Plugin.DisposeAsync, "Disposing the plugin");
            if (Host.DescribeLeftovers() is { Length: > 0 } leftovers)
                Report($"After the plugin was disposed it still held {leftovers}.");
            _violations.AddRange(Host.Violations);
        }
        finally
        {
            Host.Dispose();
        }
        if (_violations.Count != 0)
            throw new LeftoverException(string.Join(Environment.NewLine, _violations.Distinct()));
    }

    private void Try(Action action, string what)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Report($"{what} failed: {exception}");
        }
    }

    private async Task TryAsync(Func<ValueTask> action, string what)
    {
        try
        {
            await action();
        }
        catch (Exception exception)
        {
            Report($"{what} failed: {exception}");
        }
    }
}
