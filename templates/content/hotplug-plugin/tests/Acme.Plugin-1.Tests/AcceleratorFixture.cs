using Hotplug.Abstractions.Plugins;
using Hotplug.Testing.Fixtures;

namespace Acme.Plugin_1.Tests;

/// <summary>Makes the plugin, with little memory so that a full device is tested, and can pull the device out.</summary>
public sealed class AcceleratorFixture : BackendFixture
{
    public override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["memory"] = "33554432" };

    public override bool CanLoseDevice => true;

    public override void LoseDevice(BackendRun run) => ((AcceleratorBackend)run.Backend).Device.Memory.IsLost = true;

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new AcceleratorPlugin();
    }
}
