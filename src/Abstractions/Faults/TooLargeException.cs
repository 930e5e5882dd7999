namespace Hotplug.Abstractions.Faults;

/// <summary>An allocation is larger than the largest the buffer type makes.</summary>
public sealed class TooLargeException : BackendException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="bufferType">Name of the buffer type.</param>
    /// <param name="asked">Bytes asked.</param>
    /// <param name="largest">Largest single allocation in bytes.</param>
    public TooLargeException(string bufferType, nuint asked, nuint largest)
        : base($"{bufferType} allocates at most {largest} bytes at once, and {asked} were asked.") => (Asked, Largest) = (asked, largest);

    /// <summary>Bytes asked.</summary>
    public nuint Asked { get; }

    /// <summary>Largest single allocation in bytes.</summary>
    public nuint Largest { get; }

    /// <inheritdoc/>
    public override FaultKind Kind => FaultKind.TooLarge;
}
