namespace Hotplug.Abstractions.Faults;

/// <summary>An address, offset or backing is not aligned or placed as the buffer type states.</summary>
public sealed class MisalignedException : BackendException
{
    /// <summary>Creates the failure with a message that says what was wrong, where, and what to do.</summary>
    public MisalignedException(string message) : base(message) { }

    /// <summary>Creates the failure with its cause.</summary>
    public MisalignedException(string message, Exception? inner) : base(message, inner) { }

    /// <inheritdoc/>
    public override FaultKind Kind => FaultKind.Misaligned;
}
