namespace Hotplug.Runtime.Memory;

/// <summary>The operating system refused a reservation, a mapping or memory. Nothing was changed by the refused call.</summary>
public sealed class HostMemoryException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What was asked, of which range, and what the system answered.</param>
    /// <param name="error">The system's error number, or 0.</param>
    public HostMemoryException(string message, int error = 0) : base(message) => Error = error;

    /// <summary>The system's error number, or 0 if the host refused without asking it.</summary>
    public int Error { get; }
}
