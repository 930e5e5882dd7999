namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Counts the bytes of a load by stage and backend, and passes them on.</summary>
/// <remarks>Keys and counts are classes: a dictionary of values would be compiled anew for them, in every start.</remarks>
internal sealed class ProgressMeter
{
    private readonly IProgress<LoadProgress>? _progress;
    private readonly Dictionary<Key, Count> _counts = [];
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
        var count = _counts[Key.Of(stage, part)];
        count.Done += bytes;
        _progress.Report(new LoadProgress(stage, part.TypeName, part.Device, count.Done, count.Total, _done += bytes, _total));
    }

    private void Expect(LoadStage stage, PlannedPart part, long bytes)
    {
        var key = Key.Of(stage, part);
        if (!_counts.TryGetValue(key, out var count)) _counts.Add(key, count = new Count());
        count.Total += bytes;
    }

    private sealed record Key(LoadStage Stage, string Type, string Device)
    {
        public static Key Of(LoadStage stage, PlannedPart part) => new(stage, part.TypeName, part.Device);
    }

    private sealed class Count
    {
        public long Done { get; set; }

        public long Total { get; set; }
    }
}
