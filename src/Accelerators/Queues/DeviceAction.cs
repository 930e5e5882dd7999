namespace Hotplug.Accelerators.Queues;

/// <summary>A delegate as work for a <see cref="CommandQueue"/>.</summary>
/// <param name="action">What is done, on the queue's thread.</param>
/// <param name="releases">See <see cref="IDeviceCommand.Releases"/>.</param>
public sealed class DeviceAction(Action action, bool releases = false) : IDeviceCommand
{
    /// <inheritdoc/>
    public bool Releases => releases;

    /// <inheritdoc/>
    public void Execute() => action();
}
