using System.Globalization;
using System.Text;
using Hotplug.Abstractions.Devices;
using Hotplug.Cli.Output;

namespace Hotplug.Cli.Evidence;

/// <summary>What was found, for people.</summary>
internal static class EvidenceText
{
    private const int FailuresShown = 20;

    public static string Of(DeviceEvidence device)
    {
        var text = new StringBuilder();
        text.AppendLine($"{device.Name}: {device.Description} ({device.Kind}{(device.PhysicalIdentity is { } identity ? $", {identity}" : "")}), {device.Backend}, "
            + $"{Size(device.TotalBytes)} in all, {Size(device.FreeBytes)} free");
        Diagnostics(text, device.Diagnostics);
        Buffers(text, device.Buffers);
        Kernels(text, device.Kernels);
        if (device.Speed is { } speed) Speed(text, speed);
        if (device.Model is { } model)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {model.Model} on {string.Join("+", model.Devices)}: prefill of {model.PromptTokens} tokens {model.PrefillTokensPerSecond:0.0} tokens/s, decode of {model.Tokens} {model.DecodeTokensPerSecond:0.0} tokens/s");
            foreach (var note in model.Notes) text.AppendLine($"    note: {note}");
        }
        Loads(text, device.Loads);
        foreach (var failure in device.Failures) text.AppendLine($"  FAILED: {failure}");
        return text.ToString();
    }

    /// <summary>One line that says whether the device can be trusted.</summary>
    public static string Verdict(DeviceEvidence device)
    {
        var (ran, failed) = (device.Kernels.Count(k => k.Cases > 0), device.Kernels.Count(k => k.Failure is not null));
        return device.Passed
            ? $"{device.Name}: every kernel it has is within tolerance ({ran} kernels, {device.Kernels.Sum(k => k.Cases)} cases)."
            : $"{device.Name}: NOT in order: {(ran == 0 ? "it has no kernel" : $"{failed} of {ran} kernels are outside of the tolerance or failed")}{(device.Faults.Any() ? $", and {string.Join("; ", device.Faults)}" : "")}.";
    }

    // Facts one by one, trials by what they belong to, and each that is not as it should be.
    private static void Diagnostics(StringBuilder text, IReadOnlyList<DeviceDiagnostic> diagnostics)
    {
        foreach (var group in diagnostics.Where(d => d.Outcome == DiagnosticOutcome.Fact).GroupBy(d => d.Group))
            text.AppendLine($"  {group.Key}: {string.Join("; ", group.Select(d => $"{d.Subject} {d.Text}"))}");
        foreach (var group in diagnostics.Where(d => d.Outcome != DiagnosticOutcome.Fact).GroupBy(d => d.Group))
        {
            text.AppendLine($"  {group.Key}: {group.Count(d => d.Outcome == DiagnosticOutcome.Passed)} of {group.Count()} as relied on");
            foreach (var item in group.Where(d => d.Outcome == DiagnosticOutcome.Absent)) text.AppendLine($"    not there: {item.Subject}{(item.Text.Length == 0 ? "" : $" ({item.Text})")}");
            foreach (var item in group.Where(d => d.Outcome == DiagnosticOutcome.Failed)) text.AppendLine($"    FAILED {item.Subject}: {item.Text}");
        }
    }

    private static void Buffers(StringBuilder text, IReadOnlyList<BufferEvidence> buffers)
    {
        foreach (var b in buffers)
            text.AppendLine($"  buffers {b.Name}: {b.Traits}, {b.Residency.ToLowerInvariant()}, largest {SizeText.Show((long)Math.Min(b.LargestAllocation, long.MaxValue))}: {(b.Failure is null ? "right" : $"FAILED, {b.Failure}")}");
    }

    private static void Loads(StringBuilder text, IReadOnlyList<LoadEvidence> loads)
    {
        foreach (var load in loads)
        {
            text.Append($"  load {load.Wishes}: ");
            text.AppendLine(load.Refused is { } refused ? $"refused, {refused}" : load.Receipt is not { } r ? "FAILED"
                : $"{r.Parts.Count(p => p.Usage == "weights")} parts, {SizeText.Show(r.Mapped)} mapped, {SizeText.Show(r.Committed)} committed, {SizeText.Show(r.OnDevice)} on the device, {SizeText.Show(r.Locked)} of {SizeText.Show(r.LockAsked)} locked; "
                    + (load.SameText == true ? "the same text as the processor's" : "ANOTHER TEXT than the processor's"));
            foreach (var failure in load.Failures) text.AppendLine($"    FAILED {failure}");
        }
    }

    private static void Kernels(StringBuilder text, IReadOnlyList<KernelEvidence> kernels)
    {
        text.AppendLine("  kernels against the scalar reference; the largest difference in percent of what the contract allows:");
        foreach (var operation in kernels.GroupBy(k => k.Operation))
        {
            var ran = operation.Where(k => k.Cases > 0).ToList();
            if (ran.Count == 0)
            {
                text.AppendLine($"    {operation.Key,-15} not there: {operation.First().Refusal}");
                continue;
            }
            var entries = ran.GroupBy(k => k.WeightType).Select(type => $"{type.Key}{(type.Key is null ? "" : " ")}{(type.Any(k => k.Failure is not null) ? "FAILED" : Percent(type.Max(k => k.WorstShare)))}");
            var missing = operation.Where(k => k is { WeightType: not null, Cases: 0 }).Select(k => k.WeightType).Except(ran.Select(k => k.WeightType)).ToList();
            text.AppendLine($"    {operation.Key,-15} {string.Join("  ", entries)}{(missing.Count == 0 ? "" : $"; not there: {string.Join(" ", missing)}")}");
        }
        foreach (var kernel in kernels.Where(k => k.Failure is not null).Take(FailuresShown))
            text.AppendLine($"    FAILED {kernel.Operation} with weights in {kernel.BufferType}, {kernel.Failure}");
    }

    private static void Speed(StringBuilder text, SpeedEvidence speed)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"  a step of one small operation {speed.StepMicroseconds:0.0} µs, each further one {speed.OperationMicroseconds:0.00} µs");
        text.AppendLine($"  copies of {SizeText.Show(speed.TransferBytes)}: to the device {Rate(speed.ToDeviceBytesPerSecond)}, to the host {Rate(speed.ToHostBytesPerSecond)}");
        if (speed.Products.Count == 0) return;
        var names = speed.Products.Select(p => $"{p.WeightType,-6} in {p.BufferType}").ToList();
        var width = names.Max(n => n.Length);
        text.AppendLine($"  {"a matrix with one row".PadRight(width + 2)} {"columns x rows",18} {"upload",12} {"in a step",12}");
        foreach (var (p, name) in speed.Products.Zip(names))
            text.AppendLine($"    {name.PadRight(width)} {$"{p.Columns} x {p.Rows} x{p.Matrices}",18} {Rate(p.UploadBytesPerSecond),12} {Rate(p.BytesPerSecond),12}");
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#}");

    private static string Rate(double bytesPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bytesPerSecond / 1e9:0.00} GB/s");

    private static string Size(ulong? bytes) => bytes is { } known ? SizeText.Show((long)Math.Min(known, long.MaxValue)) : "unknown";
}
