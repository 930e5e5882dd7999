namespace Hotplug.Inference.Deployment;

/// <summary>Asks for another generation of a backend.</summary>
/// <param name="Backend">Id of the backend.</param>
public sealed record BackendSwapRequest(string Backend)
{
    /// <summary>The folder of the plugin to load, and to load from then on; null for the folder it was found in, as it is now.</summary>
    public string? Folder { get; init; }

    /// <summary>How its models are moved.</summary>
    public SwapOptions Options { get; init; } = new();
}
