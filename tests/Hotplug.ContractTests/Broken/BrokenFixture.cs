using Hotplug.Abstractions.Plugins;
using Hotplug.ContractTests.Broken.Decorators;
using Hotplug.ContractTests.Tiny;
using Hotplug.Testing.Fixtures;

namespace Hotplug.ContractTests.Broken;

/// <summary>Tiny, which is right, with one flaw put around it.</summary>
internal sealed class BrokenFixture<TFlaw> : BackendFixture where TFlaw : Flaw, new()
{
    private TinyBackend? _backend;

    public override bool AllocatesPerRun => new TFlaw().AllocatesPerRun;

    public override bool CanLoseDevice => true;

    public override nuint MemoryBudget => 16 << 20;

    public override void LoseDevice(BackendRun run) => _backend!.Device.Memory.IsLost = true;

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new DecoratedPlugin(new TinyPlugin(), new TFlaw(), backend => _backend = (TinyBackend)backend);
    }
}
