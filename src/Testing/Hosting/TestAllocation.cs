using Hotplug.Abstractions.Plugins;
using Hotplug.Testing.Memory;

namespace Hotplug.Testing.Hosting;

/// <summary>Host memory between two guards; a plugin that wrote beyond it is reported when it gives it back.</summary>
internal sealed class TestAllocation : IHostAllocation
{
    private readonly TestPluginHost _host;
    private readonly GuardedMemory _memory;
    private int _disposed;

    public TestAllocation(TestPluginHost host, nuint bytes, nuint alignment)
    {
        _host = host;
        _memory = new GuardedMemory(bytes, alignment);
        _memory.Bytes.Clear();
    }

    public nint Pointer => (nint)_memory.Start;

    public nuint Length => _memory.Length;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_memory.FindDamage() is { } damage)
            _host.Report($"A host allocation of {Length} bytes was overrun: {damage}.");
        _host.Returned(this);
        _memory.Dispose();
    }
}
