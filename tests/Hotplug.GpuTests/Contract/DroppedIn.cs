using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Suites;

namespace Hotplug.GpuTests.Contract;

/// <summary>The plugin as users have it: a folder with ILGPU beside it, through the runtime's checks and loader, in a load context of its own.</summary>
public sealed class DroppedInGpuFixture : DropInFixture
{
    public override bool AllocatesPerRun => true;

    public override nuint MemoryBudget => 16 << 20;

    protected override string Folder => "plugins/gpu";
}

public sealed class DroppedInGpuSliceTests : SliceSuite<DroppedInGpuFixture>;

public sealed class DroppedInGpuUnloadTests : UnloadSuite<DroppedInGpuFixture>;
