namespace Hotplug.Abstractions.Faults;

/// <summary>What was asked is outside of what the backend states it can do.</summary>
public sealed class UnsupportedException : BackendException
{
    /// <summary>Creates the failure with a message that says what was wrong, where, and what to do.</summary>
    public UnsupportedException(string message) : base(message) { }

    /// <summary>Creates the failure with its cause.</summary>
    public UnsupportedException(string message, Exception? inner) : base(message, inner) { }

    /// <inheritdoc/>
    public override FaultKind Kind => FaultKind.Unsupported;
}
