namespace Hotplug.Abstractions.Faults;

/// <summary>A read-only buffer was to be written. Nothing was touched.</summary>
public sealed class ReadOnlyException : BackendException
{
    /// <summary>Creates the failure with a message that says what was wrong, where, and what to do.</summary>
    public ReadOnlyException(string message) : base(message) { }

    /// <summary>Creates the failure with its cause.</summary>
    public ReadOnlyException(string message, Exception? inner) : base(message, inner) { }

    /// <inheritdoc/>
    public override FaultKind Kind => FaultKind.ReadOnly;
}
