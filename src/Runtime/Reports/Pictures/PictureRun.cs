using Hotplug.Runtime.Memory;

namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>A tensor, or several that lie side by side, share their fate and are too narrow to be seen one by one.</summary>
/// <param name="Part">The buffer in which they lie.</param>
/// <param name="Start">Bytes from the start of the range.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Tensors">The tensors.</param>
internal sealed record PictureRun(PlanDocument.PlanPart Part, long Start, long Length, IReadOnlyList<PlanDocument.PlanTensor> Tensors)
{
    private const double Visible = 1.2;
    private const int Named = 4;

    /// <summary>All tensors of a plan, in order of address.</summary>
    public static IEnumerable<PictureRun> Of(PlanDocument plan, PictureMap map)
    {
        var parts = plan.Parts.ToDictionary(p => p.Index);
        PictureRun? open = null;
        foreach (var (part, start, tensor) in plan.Tensors.Select(t => (Part: parts[t.Part], Start: parts[t.Part].Offset + t.Offset, t)).OrderBy(t => t.Start))
        {
            if (open is not null && Joins(open, part, tensor, map))
            {
                open = open with { Length = start + tensor.Size - open.Start, Tensors = [.. open.Tensors, tensor] };
                continue;
            }
            if (open is not null) yield return open;
            open = new(part, start, tensor.Size, [tensor]);
        }
        if (open is not null) yield return open;
    }

    /// <summary>What a person reads who points at it.</summary>
    public string Describe()
    {
        if (Tensors is [var one])
        {
            var reasons = new[] { one.Reason, one.MapReason, one.LockReason }.Where(r => r.Length > 0);
            return $"{one.Name}\n{one.Type} [{string.Join(", ", one.Shape)}], {ByteText.Format(one.Bytes)}\non {one.Device}, in part {one.Part} ({Part.BufferType}) at +{one.Offset:x}\n{PictureWords.Fate(Part.Backing)}{PictureWords.Lock(one.Lock)}"
                + string.Concat(reasons.Select(r => $"\n{r}"));
        }
        var more = Tensors.Count - Named;
        return $"{Tensors.Count} tensors, {ByteText.Format(Tensors.Sum(t => t.Bytes))}: {string.Join(", ", Tensors.Take(Named).Select(t => t.Name))}{(more > 0 ? $" and {more} more" : "")}\n"
            + $"on {Tensors[0].Device}, in part {Part.Index} ({Part.BufferType})\n{PictureWords.Fate(Part.Backing)}{PictureWords.Lock(Tensors[0].Lock)}";
    }

    private static bool Joins(PictureRun open, PlanDocument.PlanPart part, PlanDocument.PlanTensor tensor, PictureMap map)
        => open.Part.Index == part.Index && open.Tensors[^1].Lock == tensor.Lock && map.WidthOf(tensor.Size) < Visible && map.WidthOf(open.Tensors[^1].Size) < Visible;
}
