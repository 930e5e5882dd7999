namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Counts the bytes of a load by stage and backend, and passes them on.</summary>
internal sealed class ProgressMeter
{
    private readonly IProgress<LoadProgress>? _progress;
    private readonly Dictionary<(LoadStage, string, string), (long Done, long Total)> _counts = [];
    private readonly long _total;
    private long _done;

    public ProgressMeter(CompositionPlan plan, IProgress<LoadProgress>? progress)
    {
        _progress = progress;
        foreach (var part in plan.Parts)
        {
            if (part.Backing == PartBacking.FileMapping)
                Expect(LoadStage.Mapping, part, (long)part.Length);
            else
                Expect(part.Backing == PartBacking.Device ? LoadStage.Uploading : LoadStage.Copying, part, part.TensorBytes);
        }
        foreach (var i in plan.LockOrder)
            Expect(LoadStage.Locking, plan.Parts[plan.Tensors[i].Part], plan.Tensors[i].Bytes);
        _total = _counts.Values.Sum(count => count.Total);
    }

    public void Add(LoadStage stage, PlannedPart part, long bytes)
    {
        if (_progress is null)
            return;
        var key = (stage, part.TypeName, part.Device);
        var (done, total) = _counts[key];
        _counts[key] = (done += bytes, total);
        _progress.Report(new LoadProgress(stage, part.TypeName, part.Device, done, total, _done += bytes, _total));
    }

    private void Expect(LoadStage stage, PlannedPart part, long bytes)
    {
        var key = (stage, part.TypeName, part.Device);
        _counts[key] = (0, _counts.GetValueOrDefault(key).Total + bytes);
    }
}
