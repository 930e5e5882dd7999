using Hotplug.Abstractions.Execution;

namespace Hotplug.Tests.Noop;

internal sealed class NoopExecutable : IExecutable
{
    public Fence Run(in StepArguments arguments) => Fence.Completed;

    public void Dispose() { }
}
