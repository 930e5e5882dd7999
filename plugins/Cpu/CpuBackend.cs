using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Cpu;

/// <summary>The backend: one device and its worker threads.</summary>
internal sealed class CpuBackend : IBackend
{
    private readonly IWorkerGroup _workers;
    private readonly CpuDevice _device;

    public CpuBackend(IPluginHost host, CpuSettings settings)
    {
        _workers = host.CreateWorkers("cpu", settings.Threads);
        _device = new CpuDevice(settings, _workers, host);
        Devices = [_device];
        Info = new BackendInfo
        {
            Id = "cpu",
            Name = "CPU",
            Version = $"{typeof(CpuBackend).Assembly.GetName().Version} ({settings.InstructionSet.Describe()}, {settings.Threads} threads, activations of {(int)settings.Activations} bits)",
        };
    }

    public BackendInfo Info { get; }
    public IReadOnlyList<IDevice> Devices { get; }

    public async ValueTask DisposeAsync()
    {
        // What came of a rehearsal is nobody's concern: what it did not compile is compiled when it is first used.
        await _device.EndAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _workers.Dispose();
    }
}
