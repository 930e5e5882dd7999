using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Says how wishes were read, so that none is dropped in silence.</summary>
internal static class Notices
{
    public static List<string> Of(List<WeightItem> items, MemoryPolicy policy, HostLimits limits, LockPlan locks)
    {
        var notices = new List<string>();
        if (policy is { Map: null, Lock: not LockPolicy.Off })
            notices.Add("Locking was asked and nothing was said about mapping: map auto was chosen.");
        foreach (var device in items.Where(item => item.Map == MapFate.OnDevice && policy.MapOf(item.Request.Spec.Name) == MapPolicy.Require).GroupBy(item => item.Facts.Name))
            notices.Add($"{device.Count()} tensors ({ByteText.Format(device.Sum(item => item.Bytes))}) lie on {device.Key} and are exempt from required mapping.");
        foreach (var copied in items.Where(item => item.Map == MapFate.Copied && item.Bytes != 0 && policy.MapOf(item.Request.Spec.Name) != MapPolicy.Off).GroupBy(Cause))
            notices.Add($"{copied.Count()} tensors ({ByteText.Format(copied.Sum(item => item.Bytes))}) are copied, not mapped: {copied.Key}.");
        foreach (var device in items.Where(item => item.Lock == LockFate.Refused).GroupBy(item => item.LockReason))
            notices.Add($"{device.Count()} tensors ({ByteText.Format(device.Sum(item => item.Bytes))}) cannot be locked: {device.Key}.");
        var over = items.Where(item => item.Lock == LockFate.OverLimit).ToList();
        if (over.Count != 0)
        {
            var (asked, planned) = (locks.Asked.Sum() - locks.Resident.Sum(), locks.Planned.Sum());
            notices.Add($"{ByteText.Format(planned)} of {ByteText.Format(asked)} asked are locked, in order of use; {over.Count} tensors do not fit the limit: {limits.LimitCure}.");
        }
        foreach (var item in policy.Overrides)
        {
            if (!items.Exists(weight => NamePattern.Matches(item.Pattern, weight.Request.Spec.Name)))
                notices.Add($"The override `{item.Pattern}` matches no tensor.");
        }
        return notices;
    }

    // One line for all tensors of a kind; their own offsets are with the tensors.
    private static string Cause(WeightItem item) =>
        !item.Facts.Traits.Adopts ? item.MapReason
        : (nuint)item.Request.FileOffset % item.Facts.TensorAlignment != 0 ? $"their offsets in the file are not aligned to {item.Facts.TensorAlignment} as {item.Facts.Name} asks"
        : item.Size == (nuint)item.Bytes ? "the pages they touch are more than the largest allocation" : item.MapReason;
}
