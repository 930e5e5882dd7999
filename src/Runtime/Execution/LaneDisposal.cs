using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory;

namespace Hotplug.Runtime.Execution;

/// <summary>Disposes something of a plugin on its device's lane. A plugin that throws from there is reported and keeps nothing else from being disposed.</summary>
internal sealed class LaneDisposal(DeviceLane lane, IDisposable item, AddressSpace space) : IDisposable
{
    public void Dispose()
    {
        try
        {
            lane.Run(item.Dispose);
        }
        catch (BackendFaultException fault)
        {
            space.Report(fault);
        }
    }
}
