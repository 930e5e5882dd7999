using Hotplug.Abstractions.Faults;

namespace Hotplug.Runtime.Faults;

/// <summary>
/// What left a plugin as an exception, as text. It keeps no reference to the original: that one would hold the plugin's types, and with them
/// its load context, for as long as somebody keeps the failure.
/// </summary>
public sealed class BackendFaultException : BackendException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="origin">Name of the backend, device or buffer type that failed.</param>
    /// <param name="operation">What it was asked to do.</param>
    /// <param name="reason">What it said, or what the host found wrong with its answer.</param>
    /// <param name="detail">The text of the original exception with its stack, or empty.</param>
    public BackendFaultException(FaultKind kind, string origin, string operation, string reason, string detail = "")
        : base($"{origin} failed in {operation} ({kind}): {reason}")
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(operation);
        (Kind, Origin, Operation, Reason, Detail) = (kind, origin, operation, reason, detail);
    }

    /// <inheritdoc/>
    public override FaultKind Kind { get; }

    /// <summary>Name of the backend, device or buffer type that failed.</summary>
    public string Origin { get; }

    /// <summary>What it was asked to do.</summary>
    public string Operation { get; }

    /// <summary>What it said, or what the host found wrong with its answer.</summary>
    public string Reason { get; }

    /// <summary>The text of the original exception with its stack, or empty.</summary>
    public string Detail { get; }
}
