namespace Hotplug.Abstractions.Faults;

/// <summary>
/// Base of the typed failures of the contract. After any of them nothing that the failed call made is held.
/// The host turns every exception that leaves a plugin into text at the boundary, so that none keeps plugin code alive.
/// </summary>
public abstract class BackendException : Exception
{
    /// <summary>Creates a failure with a message that says what was wrong, where, and what to do.</summary>
    protected BackendException(string message) : base(message) { }

    /// <summary>Creates a failure with its cause.</summary>
    protected BackendException(string message, Exception? inner) : base(message, inner) { }

    /// <summary>The kind of failure, for code that decides by it.</summary>
    public abstract FaultKind Kind { get; }
}
