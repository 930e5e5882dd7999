using Hotplug.Abstractions.Devices;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Placement;

namespace Hotplug.Cli.Roofline;

/// <summary>The limits of the device a model runs on, and how near to them the model came.</summary>
internal static class RooflineReport
{
    /// <summary>The one device of the plan.</summary>
    /// <exception cref="UsageException">The model runs on several devices, or on one that cannot measure itself.</exception>
    public static PlacementDevice DeviceOf(LoadPlan plan)
    {
        if (plan.Devices.ToList() is not [var device])
            throw new UsageException("--roofline compares with the limits of one device, and this model runs on several. Choose one with --backend.");
        return device.Device is IDeviceRoofline ? device
            : throw new UsageException($"--roofline has no effect: {device.Name} does not measure its own limits.");
    }

    /// <summary>Measures a device while nothing else runs on it.</summary>
    public static BenchDocument.RooflineSection Measure(PlacementDevice placed, string modelPath, CancellationToken cancellation)
    {
        var device = (IDeviceRoofline)placed.Device;
        return new()
        {
            Device = placed.Name,
            Figures = [.. device.MeasureRoofline(cancellation).Select(f => new BenchDocument.Limit(f.Kind.ToString(), f.Subject, f.Threads, f.Value))],
            FreshPageSeconds = PageProbe.FreshPage(),
            MappedPageSeconds = PageProbe.MappedPage(modelPath),
        };
    }

    /// <summary>The share of the bandwidth that reading the weights took, or null where it was not measured.</summary>
    public static double? ShareOfBandwidth(BenchDocument.RooflineSection limits, ModelWork work, double tokensPerSecond)
        => Best(limits, RooflineKind.ReadBandwidth) is { } bandwidth ? work.WeightBytes * tokensPerSecond / bandwidth : null;

    /// <summary>The share of the fastest sequence of instructions that the products of a prompt took, or null where there is none.</summary>
    public static double? ShareOfPeak(BenchDocument.RooflineSection limits, ModelWork work, int tokens, double tokensPerSecond)
        => Best(limits, work.IsQuantized ? RooflineKind.IntegerRate : RooflineKind.FloatRate) is { } peak ? work.Products(tokens) / tokens * tokensPerSecond / peak : null;

    public static IEnumerable<string> Text(BenchDocument.RooflineSection limits)
    {
        yield return $"limits of {limits.Device}, the best of many short tries:";
        foreach (var limit in limits.Figures)
            yield return $"  {limit.Subject,-44} {limit.Threads,3} threads  {Value(limit)}";
        yield return $"  {"page of fresh memory, first touch",-44}              {limits.FreshPageSeconds * 1e9,7:0} ns";
        yield return $"  {"page of the mapped file, first touch",-44}              {limits.MappedPageSeconds * 1e9,7:0} ns";
    }

    private static double? Best(BenchDocument.RooflineSection limits, RooflineKind kind)
    {
        var figures = limits.Figures.Where(f => f.Kind == kind.ToString()).ToList();
        return figures.Count == 0 ? null : figures.Max(f => f.Value);
    }

    private static string Value(BenchDocument.Limit limit) => limit.Kind switch
    {
        nameof(RooflineKind.ReadBandwidth) => $"{limit.Value / 1e9,7:0.0} GB/s",
        nameof(RooflineKind.Synchronization) => $"{limit.Value * 1e9,7:0} ns",
        _ => $"{limit.Value / 1e9,7:0.0} G products/s",
    };
}
