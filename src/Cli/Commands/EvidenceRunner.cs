using System.Reflection;
using System.Runtime.InteropServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Evidence;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug doctor --gpu</c>: examines every real accelerator, or the device that is named, and writes down the evidence.</summary>
internal static class EvidenceRunner
{
    public static async Task<int> RunAsync(Engine engine, string? name, int cases, int seed, bool json, CancellationToken cancellation)
    {
        IReadOnlyList<BackendDevice> devices = name is not null
            ? [await engine.Catalog.GetDeviceAsync(name, cancellation)]
            : [.. (await engine.Catalog.ListDevicesAsync(cancellation: cancellation)).Where(d => d.Info.Kind is DeviceKind.Gpu or DeviceKind.IntegratedGpu or DeviceKind.Accelerator)];
        var interactive = !Console.IsErrorRedirected;
        var examination = new DeviceExamination(engine, cases, seed, what =>
        {
            if (interactive) Console.Error.Write($"\r{what,-60}\r");
        }, cancellation);
        var evidence = new List<DeviceEvidence>();
        foreach (var device in devices)
        {
            var found = await examination.RunAsync(device);
            evidence.Add(found);
            if (interactive) Console.Error.Write($"\r{"",-60}\r");
            if (!json) Console.Out.WriteLine(EvidenceText.Of(found));
        }
        var report = engine.Catalog.Report();
        var document = new EvidenceDocument
        {
            Version = typeof(EvidenceRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0",
            Time = DateTimeOffset.UtcNow,
            System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors",
            Runtime = RuntimeInformation.FrameworkDescription,
            CasesPerKernel = cases,
            Seed = seed,
            Devices = evidence,
            Refused = DevicesDocument.RefusedItem.All(report),
            OnlyWhenNamed = [.. report.Backends.Where(b => b is { OnlyWhenNamed: true, Devices.Count: 0 }).Select(b => b.Id)],
        };
        if (json) Console.Out.WriteLine(document.ToJson());
        else Say(document);
        return document.Verdict switch { "passed" => ExitCode.Done, "failed" => ExitCode.BackendFault, _ => ExitCode.Usage };
    }

    private static void Say(EvidenceDocument document)
    {
        foreach (var device in document.Devices) Console.Out.WriteLine(EvidenceText.Verdict(device));
        if (document.Devices.Count != 0) return;
        Console.Out.WriteLine("No GPU or other accelerator was found.");
        foreach (var refused in document.Refused) Console.Out.WriteLine($"  {refused.Backend}: {(refused.Name is null ? "not opened: " : "refused: ")}{refused}");
        if (document.OnlyWhenNamed.Count != 0) Console.Out.WriteLine($"  Used only when named: {string.Join(", ", document.OnlyWhenNamed)}.");
        Console.Out.WriteLine("`hotplug devices --all` lists what there is; any of it is examined when it is named: hotplug doctor --gpu --device NAME");
    }
}
