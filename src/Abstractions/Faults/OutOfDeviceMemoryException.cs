namespace Hotplug.Abstractions.Faults;

/// <summary>The device has no room for an allocation.</summary>
public sealed class OutOfDeviceMemoryException : BackendException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="bufferType">Name of the buffer type.</param>
    /// <param name="asked">Bytes asked.</param>
    /// <param name="free">Bytes free, or null if unknown.</param>
    /// <param name="largest">Largest allocation that would succeed, or null if unknown.</param>
    public OutOfDeviceMemoryException(string bufferType, nuint asked, nuint? free = null, nuint? largest = null)
        : base($"{bufferType} has no room for {asked} bytes (free: {Show(free)}, largest: {Show(largest)}). Place fewer layers there, or shorten the context.")
        => (Asked, Free, Largest) = (asked, free, largest);

    /// <summary>Bytes asked.</summary>
    public nuint Asked { get; }

    /// <summary>Bytes free, or null if unknown.</summary>
    public nuint? Free { get; }

    /// <summary>Largest allocation that would succeed, or null if unknown.</summary>
    public nuint? Largest { get; }

    /// <inheritdoc/>
    public override FaultKind Kind => FaultKind.OutOfDeviceMemory;

    private static string Show(nuint? bytes) => bytes?.ToString() ?? "unknown";
}
