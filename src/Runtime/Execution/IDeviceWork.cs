namespace Hotplug.Runtime.Execution;

/// <summary>Something to do on a device's thread. An interface rather than a delegate, so that a step allocates nothing.</summary>
internal interface IDeviceWork
{
    void Execute();
}
