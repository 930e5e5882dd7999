using Hotplug.Abstractions.Plugins;
using Hotplug.Testing.Fixtures;

namespace Acme.Tensors.Tests;

/// <summary>Little memory, so that a full device is tested. A processor cannot be pulled out: the suite for that skips.</summary>
public sealed class TensorsFixture : BackendFixture
{
    public override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["memory"] = "32 MiB" };

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new TensorsPlugin();
    }
}
