using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.PolicyMatrix.Swapping;

/// <summary>Loads and unloads a plugin over and over, and looks each time whether anything of it is left.</summary>
internal static class LoadCycles
{
    public static async Task<CycleReport> RunAsync(BackendCatalog catalog, string backend, int cycles)
    {
        var unloaded = 0;
        var remains = new List<string>();
        List<ProcessState> early = [], late = [];
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var slot = await catalog.GetAsync(backend);
            Use(slot);
            var generation = slot.Exchange(null)!;
            var result = await generation.RetireAsync();
            if (result.State == BackendState.Unloaded) unloaded++;
            else remains.Add($"{cycle}: {result.State}, {string.Join("; ", result.Holders)}");
            if (Directory.Exists(generation.Folder)) remains.Add($"{cycle}: {generation.Folder} is there");
            if (OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/maps").Contains(generation.Folder, StringComparison.Ordinal)) remains.Add($"{cycle}: {generation.Folder} is mapped");
            if (cycle >= cycles / 4 && cycle < cycles / 2) early.Add(ProcessState.Now());
            else if (cycle >= cycles * 3 / 4) late.Add(ProcessState.Now());
        }
        return new() { Cycles = cycles, Unloaded = unloaded, Remains = remains, Early = ProcessState.Least(early), Late = ProcessState.Least(late) };
    }

    // Apart: a local of the loop would hold what is to be unloaded.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Use(BackendSlot slot)
    {
        using var lease = slot.Acquire("cycle");
        foreach (var device in lease.Devices) _ = device.QueryMemory();
    }
}
