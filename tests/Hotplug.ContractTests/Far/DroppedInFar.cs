using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Suites;

namespace Hotplug.ContractTests.Far;

/// <summary>The plugin as a folder, through the runtime's checks and loader.</summary>
public sealed class DroppedInFarFixture : DropInFixture
{
    protected override string Folder => "plugins/far";
}

public sealed class DroppedInFarSliceTests : SliceSuite<DroppedInFarFixture>;

public sealed class DroppedInFarUnloadTests : UnloadSuite<DroppedInFarFixture>;
