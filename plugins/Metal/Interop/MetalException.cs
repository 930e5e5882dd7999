namespace Hotplug.Metal.Interop;

/// <summary>Metal refused or failed.</summary>
internal sealed class MetalException : Exception
{
    /// <summary>A failure that came without an NSError.</summary>
    public MetalException(string message) : base(message)
    {
    }

    /// <summary>A failure with what the NSError said.</summary>
    public MetalException(string message, MetalError? error) : base(error is { } said ? $"{message} Metal says: {said}." : $"{message} Metal gives no reason.") =>
        Error = error;

    /// <summary>What Metal said, if anything.</summary>
    public MetalError? Error { get; }
}
