using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Inference.Deployment;

/// <summary>What a deployment is loaded with that is there already.</summary>
internal sealed record DeploymentOrigin
{
    public static readonly DeploymentOrigin Nothing = new();

    /// <summary>An executor that lives on beside it, whose mapping it may share.</summary>
    public ModelExecutor? Beside { get; init; }

    /// <summary>A generation to use instead of the one in its slot.</summary>
    public StagedBackend? Staged { get; init; }

    /// <summary>Backends that are left alone unless the wishes name them.</summary>
    public IReadOnlySet<string>? Except { get; init; }

    /// <summary>Devices to use instead of opening any.</summary>
    public LeasedDevices? Devices { get; init; }
}
