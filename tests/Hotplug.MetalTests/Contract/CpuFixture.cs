using Hotplug.Abstractions.Plugins;
using Hotplug.Cpu;
using Hotplug.Testing.Fixtures;

namespace Hotplug.MetalTests.Contract;

/// <summary>The processor, to compose with.</summary>
public sealed class CpuFixture : BackendFixture
{
    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new CpuPlugin();
    }
}
