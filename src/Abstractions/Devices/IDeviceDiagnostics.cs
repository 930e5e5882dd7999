namespace Hotplug.Abstractions.Devices;

/// <summary>
/// Optional, of an <see cref="IDevice"/>: says what the device finds of the system and driver below it, and tries what it relies on there. Asked for reports; nothing is chosen by the answer.
/// </summary>
public interface IDeviceDiagnostics
{
    /// <summary>
    /// Looks and tries, and returns what was found, in an order for people. A call like any other on the device: one at a time, may take seconds, leaves nothing behind. What
    /// fails is a result with <see cref="DiagnosticOutcome.Failed"/>.
    /// </summary>
    /// <exception cref="Faults.DeviceLostException">The device is gone.</exception>
    IReadOnlyList<DeviceDiagnostic> Diagnose();
}
