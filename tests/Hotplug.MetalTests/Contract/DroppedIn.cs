using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

/// <summary>The plugin as users have it: its folder, through the runtime's checks and loader.</summary>
public sealed class DroppedInMetalFixture : DropInFixture
{
    public override nuint MemoryBudget => 16 << 20;

    protected override string Folder => "plugins/metal";
}

/// <summary>Loaded, asked, and gone again, twenty times; on a Mac also used.</summary>
public sealed class DroppedInMetalUnloadTests : UnloadSuite<DroppedInMetalFixture>
{
    protected override int Rounds => 20;
}
