namespace Hotplug.Extensions.AI.Hosting;

/// <summary>What the host does with the models when it starts.</summary>
public sealed class ModelsLifetimeOptions
{
    /// <summary>Loads and warms all configured models at start, rather than each when it is first asked for. The host does not wait for them: readiness says when they are there.</summary>
    public bool LoadAtStart { get; set; } = true;
}
