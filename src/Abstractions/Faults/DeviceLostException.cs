namespace Hotplug.Abstractions.Faults;

/// <summary>The device is gone: every later call on it fails the same way, and what lay on it is lost.</summary>
public sealed class DeviceLostException : BackendException
{
    /// <summary>Creates the failure with a message that says what was wrong, where, and what to do.</summary>
    public DeviceLostException(string message) : base(message) { }

    /// <summary>Creates the failure with its cause.</summary>
    public DeviceLostException(string message, Exception? inner) : base(message, inner) { }

    /// <inheritdoc/>
    public override FaultKind Kind => FaultKind.DeviceLost;
}
