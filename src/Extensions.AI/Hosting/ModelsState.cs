namespace Hotplug.Extensions.AI.Hosting;

/// <summary>Whether requests can be answered.</summary>
public enum ModelsState
{
    /// <summary>Models are being loaded.</summary>
    Loading,
    /// <summary>Requests are answered.</summary>
    Ready,
    /// <summary>A model could not be loaded.</summary>
    Failed,
    /// <summary>What is under way is brought to its end; nothing else is taken.</summary>
    Draining,
}
