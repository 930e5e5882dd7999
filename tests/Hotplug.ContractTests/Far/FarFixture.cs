using Hotplug.Abstractions.Plugins;
using Hotplug.FarMemory;
using Hotplug.Testing.Fixtures;

namespace Hotplug.ContractTests.Far;

public class FarFixture : BackendFixture
{
    public override nuint MemoryBudget => 16 << 20;

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new FarPlugin();
    }
}
