using Hotplug.Abstractions.Plugins;
using Hotplug.Cpu;
using Hotplug.Testing.Fixtures;

namespace Hotplug.CpuTests;

/// <summary>Starts the backend as an ordinary reference, without the loader.</summary>
internal sealed class CpuFixture : BackendFixture
{
    public override int ThreadBudget => 4;

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new CpuPlugin();
    }
}
