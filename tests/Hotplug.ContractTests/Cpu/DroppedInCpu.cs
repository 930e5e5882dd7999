using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Suites;

namespace Hotplug.ContractTests.Cpu;

/// <summary>The plugin as users have it: a folder, through the runtime's checks and loader.</summary>
public sealed class DroppedInCpuFixture : DropInFixture
{
    protected override string Folder => "plugins/cpu";
}

public sealed class DroppedInCpuBufferTypeTests : BufferTypeSuite<DroppedInCpuFixture>
{
    public override string BufferTypeName => "cpu";
}

public sealed class DroppedInCpuSliceTests : SliceSuite<DroppedInCpuFixture>;

public sealed class DroppedInCpuUnloadTests : UnloadSuite<DroppedInCpuFixture>;

public sealed class DroppedInCpuDisposalTests : DisposalSuite<DroppedInCpuFixture>;
