using Hotplug.Abstractions.Plugins;
using Hotplug.Accelerators.Settings;
using Hotplug.Gpu;
using Hotplug.Gpu.Discovery;

[assembly: BackendPlugin("gpu", typeof(GpuPlugin), "1.0")]

namespace Hotplug.Gpu;

/// <summary>Entry of the plugin: graphics processors through CUDA and OpenCL, and an emulator of one for tests.</summary>
public sealed class GpuPlugin : IBackendPlugin
{
    private readonly Func<IReadOnlyList<FoundDevice>>? _devices;

    /// <summary>For the host.</summary>
    public GpuPlugin() { }

    /// <summary>For tests: devices of their own instead of those of the machine.</summary>
    internal GpuPlugin(Func<IReadOnlyList<FoundDevice>> devices) => _devices = devices;

    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host)
    {
        if (_devices is not null) return ProbeResult.Available(1, "devices of a test");
        var (cuda, others) = (NativeDrivers.HasCuda, NativeDrivers.CountOpenClAccelerators());
        string[] reasons =
        [
            cuda ? $"CUDA driver found ({NativeDrivers.CudaLibrary})" : $"no CUDA driver ({NativeDrivers.CudaLibrary} was not found)",
            others > 0 ? $"{others} OpenCL accelerators" : NativeDrivers.HasOpenCl ? "OpenCL, but no accelerator behind it" : $"no OpenCL ({NativeDrivers.OpenClLibrary} was not found)",
        ];
        return cuda || others > 0 ? ProbeResult.Available(200, reasons)
            : ProbeResult.Available(1, [.. reasons, "the emulator, for tests: name it as gpu:cpu-emulation"]) with { OnlyWhenNamed = true };
    }

    /// <inheritdoc/>
    /// <remarks>Settings, for each device: <c>memory</c>, the most bytes to take; <c>max-allocation</c>, the largest allocation.</remarks>
    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var parsed = DeviceSettings.Parse("gpu", settings);
        if (_devices is not null) return ValueTask.FromResult<IBackend>(new GpuBackend(host, parsed, _devices(), []));
        var finder = DeviceFinder.Look();
        return ValueTask.FromResult<IBackend>(new GpuBackend(host, parsed, finder.Found, finder.Refused));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
