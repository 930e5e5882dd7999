using System.Globalization;
using System.Text;
using Hotplug.Abstractions.Graphs;
using Hotplug.Cli.Options;
using Hotplug.Runtime.Placement;

namespace Hotplug.Cli.Output;

/// <summary>A load plan for people.</summary>
internal static class PlanText
{
    private const int BarWidth = 72;

    /// <summary>Devices, the address space as a bar, notes.</summary>
    public static string Summary(LoadPlan plan)
    {
        var text = new StringBuilder();
        var request = plan.Request;
        text.AppendLine(CultureInfo.InvariantCulture,
            $"plan: map {request.Memory.Map?.ToString().ToLowerInvariant() ?? "auto"}, lock {request.Memory.Lock.ToString().ToLowerInvariant()}, context {request.Context}, KV {request.KeyType}, steps of up to {plan.Shapes[^1].Bounds.Tokens} tokens");
        text.AppendLine();
        var width = plan.Devices.Select(d => d.Name.Length).Append(12).Max();
        text.AppendLine($"  {"device".PadRight(width)} {"weights",12} {"KV cache",12} {"workspace",12} {"total",12}");
        foreach (var device in plan.Devices)
        {
            var totals = plan.TotalsOf(device);
            text.AppendLine($"  {device.Name.PadRight(width)} {SizeText.Show(totals.WeightBytes),12} {SizeText.Show(totals.KvBytes),12} {SizeText.Show(totals.WorkspaceBytes + totals.ExchangeBytes),12} {SizeText.Show(totals.TotalBytes),12}");
        }
        text.AppendLine();
        text.Append(AddressSpace(plan));
        foreach (var cache in plan.KvCaches.Where(k => k.Window > 0))
            text.AppendLine(CultureInfo.InvariantCulture, $"  {cache.Layout.Spec.Layers.Count} layers on {cache.Device} look back on {cache.Window} tokens and keep {cache.PagesPerSequence * cache.Layout.Spec.PageTokens} of each sequence: {SizeText.Show(cache.Bytes)} of the KV cache");
        var copies = plan.Shapes[0].Copies;
        var one = new StepBounds { Tokens = 1, OutputRows = 1, Sequences = 1 };
        text.AppendLine(copies.Count == 0
            ? $"  {plan.Slices.Count} {(plan.Slices.Count == 1 ? "slice" : "slices")}; nothing crosses between devices"
            : $"  {plan.Slices.Count} slices; per token {copies.Count} {(copies.Count == 1 ? "copy" : "copies")} between devices, {SizeText.Show(copies.Sum(c => c.Bytes(one)))}");
        foreach (var way in copies.GroupBy(c => (From: c.Source.Name, To: c.Destination.Name)))
            text.AppendLine($"    {way.Key.From} to {way.Key.To}: {way.Count()} per token, {SizeText.Show(way.Sum(c => c.Bytes(one)))}");
        foreach (var notice in plan.Composition.Notices) text.AppendLine($"  note: {notice}");
        return text.ToString();
    }

    /// <summary>Every tensor with its place, its fate and the reasons.</summary>
    public static string Tensors(LoadPlan plan)
    {
        var text = new StringBuilder();
        text.AppendLine($"  {"tensor",-28} {"type",-6} {"bytes",11}  {"device",-12} {"part",4} {"offset",11}  {"map",-9} {"lock",-9} why");
        for (var i = 0; i < plan.Weights.Count; i++)
        {
            var (weight, tensor) = (plan.Weights[i], plan.Composition.Tensors[i]);
            var why = string.Join("; ", new[] { weight.Reason, tensor.MapReason, tensor.LockReason }.Concat(weight.Refused.Select(r => $"not {r.Device}: {r.Reason}")).Where(r => r.Length > 0));
            text.AppendLine($"  {tensor.Spec.Name,-28} {tensor.Spec.Type,-6} {tensor.Bytes,11}  {weight.Device.Name,-12} {tensor.Part,4} {tensor.Offset,11}  {tensor.Map.ToString().ToLowerInvariant(),-9} {tensor.Lock.ToString().ToLowerInvariant(),-9} {why}");
        }
        return text.ToString();
    }

    /// <summary>A bar that shows who lies where in the one range of addresses, and a line per part.</summary>
    private static string AddressSpace(LoadPlan plan)
    {
        var composition = plan.Composition;
        var text = new StringBuilder();
        var letters = new Dictionary<string, char>();
        foreach (var part in composition.Parts)
            if (!letters.ContainsKey(part.Device)) letters[part.Device] = Letter(part.Device, letters.Values);
        var bar = new char[BarWidth];
        for (var i = 0; i < BarWidth; i++)
        {
            var address = (nuint)((double)composition.Length * (i + 0.5) / BarWidth);
            var part = composition.Parts.FirstOrDefault(p => address >= p.Offset && address - p.Offset < p.Length);
            bar[i] = part is null ? '.' : letters[part.Device];
        }
        text.AppendLine($"  one range of {SizeText.Show((long)composition.Length)} of addresses, {composition.Parts.Count} part{(composition.Parts.Count == 1 ? "" : "s")}:");
        text.AppendLine($"  [{new string(bar)}]");
        text.AppendLine($"   {string.Join("   ", letters.Select(l => $"{l.Value} {l.Key}"))}");
        var types = composition.Parts.Select(p => p.TypeName.Length).Append(12).Max();
        foreach (var part in composition.Parts)
            text.AppendLine($"   {letters[part.Device]} +{part.Offset,-12:x} {SizeText.Show((long)part.Length),12}  {part.TypeName.PadRight(types)} {part.Backing.ToString().ToLowerInvariant(),-12} {(part.LockBytes > 0 ? $"lock {SizeText.Show(part.LockBytes)}" : "")}".TrimEnd());
        return text.ToString();
    }

    private static char Letter(string device, ICollection<char> taken)
        => device.ToUpperInvariant().Where(char.IsLetterOrDigit).Concat("ABCDEFGHIJKLMNOPQRSTUVWXYZ").First(c => !taken.Contains(c));
}
