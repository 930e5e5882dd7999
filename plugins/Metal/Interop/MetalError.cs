namespace Hotplug.Metal.Interop;

/// <summary>What an NSError said.</summary>
/// <param name="Code">Its code, in the domain of the call that failed.</param>
/// <param name="Text">Its description.</param>
internal readonly record struct MetalError(long Code, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Text} (code {Code})";
}
