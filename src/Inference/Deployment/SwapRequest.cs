namespace Hotplug.Inference.Deployment;

/// <summary>Asks for another generation of a backend.</summary>
public sealed record SwapRequest : ChangeRequest
{
    /// <summary>Id of the backend.</summary>
    public string? Backend { get; init; }

    /// <summary>The request as the host of models takes it.</summary>
    /// <param name="folder">A folder of the plugin to load instead; null for the one it was found in.</param>
    /// <exception cref="FormatException">Something asked means nothing, or no backend is named.</exception>
    public BackendSwapRequest ToSwap(string? folder = null)
        => new(Backend ?? throw new FormatException("Say which backend to swap.")) { Folder = folder, Options = ToOptions() };
}
