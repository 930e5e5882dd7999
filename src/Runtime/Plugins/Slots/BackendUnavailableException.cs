namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>A backend or device that was asked for cannot be had; the message says why, and what there is.</summary>
public sealed class BackendUnavailableException : Exception
{
    /// <summary>Creates the failure.</summary>
    public BackendUnavailableException(string backend, string message) : base(message) => Backend = backend;

    /// <summary>What was asked for.</summary>
    public string Backend { get; }
}
