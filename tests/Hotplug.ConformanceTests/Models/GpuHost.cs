using Hotplug.ConformanceTests.Models;
using Xunit;

[assembly: AssemblyFixture(typeof(GpuHost))]

namespace Hotplug.ConformanceTests.Models;

/// <summary>A host for the devices of the plugin gpu. One for all tests: a device compiles its kernels once per context.</summary>
public sealed class GpuHost : ConformanceHost
{
    /// <summary>ILGPU's emulator, which every machine has.</summary>
    public const string Emulator = "gpu:cpu-emulation";

    private readonly Lazy<Task<string?>> _device;

    public GpuHost() => _device = new(FindAsync);

    /// <summary>The best device that a driver offers, on a graphics processor or not; skips the test where there is none.</summary>
    internal async Task<string> DeviceAsync()
    {
        if (await _device.Value is { } name) return name;
        Assert.Skip("This machine has no OpenCL device and no CUDA device; models on them are not tested.");
        return "";
    }

    private async Task<string?> FindAsync() => (await DevicesAsync("gpu")).FirstOrDefault(name => name != Emulator);
}
