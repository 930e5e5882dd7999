namespace Hotplug.Runtime.Placement;

/// <summary>What was wished cannot be placed. The message says what, why, and what to do instead.</summary>
public sealed class PlacementException(PlacementFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of failure.</summary>
    public PlacementFailure Failure { get; } = failure;
}
