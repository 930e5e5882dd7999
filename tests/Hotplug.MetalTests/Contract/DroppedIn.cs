using Hotplug.Abstractions.Plugins;
using Hotplug.MslExecutor;
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

/// <summary>The same plugin in a folder with its double, so that it can be used anywhere.</summary>
public sealed class DroppedInDoubleFixture : DropInFixture
{
    public override nuint MemoryBudget => 16 << 20;

    protected override string Folder => "plugins/metal-double";

    protected override IBackendPlugin CreatePlugin(out string? directory)
        => Toolchain.Current.Unavailable is { } reason ? throw new BackendUnavailableException([reason]) : base.CreatePlugin(out directory);
}

/// <summary>Loaded, used and gone again, twenty times.</summary>
public sealed class DroppedInDoubleUnloadTests : UnloadSuite<DroppedInDoubleFixture>
{
    protected override int Rounds => 20;
}
