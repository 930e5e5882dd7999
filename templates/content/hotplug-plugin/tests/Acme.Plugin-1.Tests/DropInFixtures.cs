using Hotplug.Testing.Fixtures;

namespace Acme.Plugin_1.Tests;

/// <summary>The plugin as users load it: its folder, through the checks and the loader of the runtime.</summary>
public sealed class DroppedInFixture : DropInFixture
{
    protected override string Folder => "plugins/plugin-id";
}

/// <summary>The processor's plugin, as a partner.</summary>
public sealed class CpuFixture : DropInFixture
{
    protected override string Folder => "plugins/cpu";
}
