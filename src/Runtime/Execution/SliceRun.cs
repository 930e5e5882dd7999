namespace Hotplug.Runtime.Execution;

/// <summary>Slices in a row on one device, with nothing to copy between them: one call of its lane. There are several where the graph was cut for their caches.</summary>
internal sealed class SliceRun(CompiledSlice[] slices) : IDeviceWork
{
    public DeviceLane Lane => slices[0].Device.Lane;

    /// <summary>Copies to make before the first of them runs.</summary>
    public ValueCopy[] Copies => slices[0].Copies;

    public string Name => "run";

    public void Execute()
    {
        foreach (var slice in slices) slice.Execute();
    }

    /// <summary>Groups the slices of a step.</summary>
    public static SliceRun[] Of(CompiledSlice[] slices)
    {
        var runs = new List<List<CompiledSlice>>();
        foreach (var slice in slices)
            if (runs.Count > 0 && runs[^1][^1].Device == slice.Device && slice.Copies.Length == 0) runs[^1].Add(slice);
            else runs.Add([slice]);
        return [.. runs.Select(run => new SliceRun([.. run]))];
    }
}
