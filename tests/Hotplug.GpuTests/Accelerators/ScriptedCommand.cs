using Hotplug.Accelerators.Queues;

namespace Hotplug.GpuTests.Accelerators;

/// <summary>A command of a test.</summary>
internal sealed class ScriptedCommand(Action execute, bool releases = false, Action? completed = null) : IDeviceCommand
{
    public bool Releases => releases;

    public void Execute() => execute();

    public void Completed() => completed?.Invoke();
}
