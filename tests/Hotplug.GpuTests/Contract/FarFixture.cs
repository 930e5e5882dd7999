using Hotplug.Abstractions.Plugins;
using Hotplug.FarMemory;
using Hotplug.Testing.Fixtures;

namespace Hotplug.GpuTests.Contract;

/// <summary>A device of another kind whose memory the host cannot see, to compose with.</summary>
public sealed class FarFixture : BackendFixture
{
    public override nuint MemoryBudget => 16 << 20;

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new FarPlugin();
    }
}
