using Hotplug.Abstractions.Plugins;
using Hotplug.Cpu;
using Hotplug.Testing.Fixtures;

namespace Hotplug.ContractTests.Cpu;

public class CpuFixture : BackendFixture
{
    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new CpuPlugin();
    }
}
