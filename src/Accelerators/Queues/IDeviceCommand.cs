namespace Hotplug.Accelerators.Queues;

/// <summary>Work for the thread of a <see cref="CommandQueue"/>. May be submitted again after it is done.</summary>
public interface IDeviceCommand
{
    /// <summary>Does the work, and returns when the device has done it. Runs on the queue's thread.</summary>
    void Execute();

    /// <summary>Told once, on the queue's thread, after <see cref="Execute"/> has returned or thrown, or instead of it when the device was lost before.</summary>
    void Completed() { }

    /// <summary>True for work that gives things back: it is done on a lost device too, as far as the driver lets it.</summary>
    bool Releases => false;
}
