using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.ContractTests.Broken.Decorators;

namespace Hotplug.ContractTests.Broken;

internal sealed class MemoryKept : Flaw
{
    public override void Start(IPluginHost host) => host.Allocate(100, 64);
}

internal sealed class WorkersKept : Flaw
{
    public override void Start(IPluginHost host) => host.CreateWorkers("kept", 2);
}

internal sealed class UnknownSettingsIgnored : Flaw
{
    public override void CheckSettings(IBackendPlugin inner, Action create)
    {
        try
        {
            create();
        }
        catch (ArgumentException)
        {
        }
    }
}

internal sealed class FirstAllocationKeptWhenSecondFails : Flaw
{
    private IHostAllocation? _first, _second;

    public override void Start(IPluginHost host)
    {
        _first = host.Allocate(100, 64);
        _second = host.Allocate(100, 64);
    }

    public override void Stop()
    {
        _first?.Dispose();
        _second?.Dispose();
    }
}

internal sealed class HostFailureBecomesNull : Flaw
{
    public override IBuffer Allocate(IBufferType inner, in BufferRequest request)
    {
        try
        {
            return inner.Allocate(request);
        }
        catch (OutOfMemoryException)
        {
            throw new NullReferenceException("There was no memory.");
        }
    }
}
