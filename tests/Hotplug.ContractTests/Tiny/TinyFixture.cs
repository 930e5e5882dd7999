using Hotplug.Abstractions.Plugins;
using Hotplug.Testing.Fixtures;

namespace Hotplug.ContractTests.Tiny;

public class TinyFixture : BackendFixture
{
    public override bool AllocatesPerRun => true;

    public override bool CanLoseDevice => true;

    public override void LoseDevice(BackendRun run) => ((TinyBackend)run.Backend).Device.Memory.IsLost = true;

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new TinyPlugin();
    }
}
