namespace Hotplug.Runtime.Execution;

/// <summary>Something to do on a device's thread. An interface rather than a delegate, so that a step allocates nothing.</summary>
internal interface IDeviceWork
{
    /// <summary>What it is, for messages.</summary>
    string Name { get; }

    /// <summary>Does it.</summary>
    void Execute();
}
