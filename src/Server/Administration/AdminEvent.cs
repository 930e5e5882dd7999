using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Server.Administration;

/// <summary>Something that happened, or how things stand. Which it is says the member that is there.</summary>
internal sealed record AdminEvent
{
    /// <summary><c>state</c>, <c>backend</c>, <c>model</c> or <c>progress</c>.</summary>
    public required string Type { get; init; }
    public required DateTimeOffset Time { get; init; }

    /// <summary>How things stand.</summary>
    public StateDocument? State { get; init; }

    /// <summary>A step in the life of a backend's generation.</summary>
    public BackendTransition? Backend { get; init; }

    /// <summary>A change of where a model runs.</summary>
    public ModelTransition? Model { get; init; }

    /// <summary>How far a load for a change is.</summary>
    public ProgressItem? Progress { get; init; }

    /// <summary>Bytes of a load.</summary>
    internal sealed record ProgressItem(string Stage, string Device, long Done, long Total);
}
