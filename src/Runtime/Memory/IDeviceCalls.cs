namespace Hotplug.Runtime.Memory;

/// <summary>
/// Makes calls into devices in the order, on the thread and within the time that whoever runs them has set. What makes and disposes buffers calls devices only through this.
/// </summary>
internal interface IDeviceCalls
{
    /// <summary>Makes a call and waits until it has come back, or is given up.</summary>
    /// <param name="device">Name of the device; unknown ones are called at once.</param>
    /// <param name="what">What is done, for messages.</param>
    /// <param name="call">The call. When it is given up it may still be running: what it touches has to stay.</param>
    /// <exception cref="Faults.BackendFaultException">It threw, or did not come back in time (<see cref="Abstractions.Faults.FaultKind.TimedOut"/>).</exception>
    void Run(string device, string what, Action call);

    /// <summary>True once a call into the device was given up: it may still be running.</summary>
    bool IsHung(string device);
}
