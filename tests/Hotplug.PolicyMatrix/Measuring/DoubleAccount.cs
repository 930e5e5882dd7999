using Hotplug.Abstractions.Faults;
using Hotplug.PolicyMatrix.Cells;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.PolicyMatrix.Measuring;

/// <summary>What the double of Metal has to say after a cell.</summary>
internal static class DoubleAccount
{
    /// <summary>Memory that is not back, and the first rule that was broken; empty if all is well.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(IBackendCatalog catalog)
    {
        var slot = await catalog.GetAsync(Mac.Backend);
        using var lease = slot.Acquire("the account of the double");
        var said = new List<string>();
        var device = lease.Devices[0];
        if (device.QueryMemory() is var memory && (memory.Free is null || memory.Free != memory.Total)) said.Add($"Of {memory.Total} bytes of the double {memory.Free} are free.");
        if (lease.Generation.Outstanding is { IsEmpty: false } held) said.Add($"The plugin still has {held} of its host.");
        try
        {
            // Once a rule is broken the double fails all work, with the rule.
            var type = device.BufferTypes.Single(type => !type.Traits.HostVisible);
            using var buffer = new BufferAllocator(new AddressSpace()).Allocate(type, 64);
            buffer.Buffer.Clear(0, 64);
        }
        catch (Exception broken) when (broken is BackendException or BackendFaultException)
        {
            said.Add(broken.Message);
        }
        return said;
    }

    /// <summary>Ends the double, which then tells what it still held.</summary>
    public static async Task<MacEnd> EndAsync(IBackendCatalog catalog, string mac)
    {
        var slot = await catalog.GetAsync(Mac.Backend);
        var result = await slot.Exchange(null)!.RetireAsync(new() { Verify = false });
        return new(mac, result.Faults, result.Leftover.IsEmpty ? "" : result.Leftover.ToString());
    }
}
