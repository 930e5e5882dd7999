using System.Collections.ObjectModel;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Gpu;
using Hotplug.Testing.Fixtures;
using Xunit;

namespace Hotplug.GpuTests.Drivers;

/// <summary>Backends on simulated devices, each on one of its own.</summary>
public class SimulatedFixture : BackendFixture
{
    private SimulatedDevice? _device;
    private readonly IReadOnlyDictionary<string, string> _settings = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>For the kit.</summary>
    public SimulatedFixture() { }

    internal SimulatedFixture(SimulatedDevice device, params (string Key, string Value)[] settings)
        => (_device, _settings, OwnDevice) = (device, settings.ToDictionary(s => s.Key, s => s.Value), device);

    public override nuint MemoryBudget => 16 << 20;

    public override bool AllocatesPerRun => true;

    public override IReadOnlyDictionary<string, string> Settings => _settings;

    public override bool CanLoseDevice => true;

    /// <summary>The device of the backend that was made last.</summary>
    internal SimulatedDevice Device => _device!;

    private SimulatedDevice? OwnDevice { get; }

    public override void LoseDevice(BackendRun run)
    {
        var type = run.Device().BufferTypes[1];
        // A device that was never opened cannot be lost, and a loss is noticed by the first call that fails.
        run.Allocate(type, 256).Dispose();
        Device.Lose();
        Assert.Throws<DeviceLostException>(() => run.Allocate(type, 256));
    }

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        var device = _device = OwnDevice ?? new SimulatedDevice();
        return new GpuPlugin(() => [device.Found]);
    }
}
