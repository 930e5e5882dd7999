using Hotplug.Runtime.Memory;

namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>The parts of one device, buffer type and fate.</summary>
internal sealed record PictureGroup(string Device, string BufferType, string Backing, long Bytes, int Parts, int Tensors, long Locked)
{
    /// <summary>What they are, in a line.</summary>
    public string Details => $"{PictureWords.Fate(Backing)}, {PictureWords.Count(Tensors, "tensor")}{(Parts > 1 ? $" in {Parts} buffers" : "")}{(Locked > 0 ? $", {ByteText.Format(Locked)} locked" : "")}";

    public static IReadOnlyList<PictureGroup> Of(PlanDocument plan)
    {
        var tensors = plan.Tensors.GroupBy(t => t.Part).ToDictionary(g => g.Key, g => g.Count());
        return [.. plan.Parts.GroupBy(p => (p.Device, p.BufferType, p.Backing)).Select(g => new PictureGroup(g.Key.Device, g.Key.BufferType, g.Key.Backing,
            g.Sum(p => p.Length), g.Count(), g.Sum(p => tensors.GetValueOrDefault(p.Index)), g.Sum(p => p.LockBytes)))];
    }
}
