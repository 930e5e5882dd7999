using Hotplug.Runtime.Reports;
using System.Reflection;
using System.Runtime.InteropServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Evidence;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug doctor --gpu</c> and <c>--metal</c>: examines every real accelerator, those of one backend, or the device that is named, and writes down the evidence.</summary>
internal static class EvidenceRunner
{
    /// <param name="engine">The backends.</param>
    /// <param name="name">The device to examine, or null.</param>
    /// <param name="backend">The backend whose devices are examined, or null for all.</param>
    /// <param name="cases">Random cases for each kernel.</param>
    /// <param name="seed">Their seed.</param>
    /// <param name="quick">Whether speeds are of no interest.</param>
    /// <param name="json">Whether to write one JSON document.</param>
    /// <param name="cancellation">Stops between two cases.</param>
    public static async Task<int> RunAsync(Engine engine, string? name, string? backend, int cases, int seed, bool quick, bool json, CancellationToken cancellation)
    {
        var devices = name is not null ? [await engine.Catalog.GetDeviceAsync(name, cancellation)]
            : backend is not null ? await OfBackendAsync(engine, backend, cancellation)
            : [.. (await engine.Catalog.ListDevicesAsync(cancellation: cancellation)).Where(d => d.Info.Kind is DeviceKind.Gpu or DeviceKind.IntegratedGpu or DeviceKind.Accelerator)];
        var interactive = !Console.IsErrorRedirected;
        var examination = new DeviceExamination(engine, cases, seed, quick, what =>
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
            Quick = quick,
            Devices = evidence,
            Refused = [.. DevicesDocument.RefusedItem.All(report).Where(r => backend is null || r.Backend == backend)],
            OnlyWhenNamed = [.. report.Backends.Where(b => b is { OnlyWhenNamed: true, Devices.Count: 0 }).Select(b => b.Id)],
        };
        if (json) Console.Out.WriteLine(document.ToJson());
        else Say(document, backend);
        return document.Verdict switch { "passed" => ExitCode.Done, "failed" => ExitCode.BackendFault, _ => ExitCode.Usage };
    }

    private static async Task<IReadOnlyList<BackendDevice>> OfBackendAsync(Engine engine, string backend, CancellationToken cancellation)
    {
        try
        {
            var slot = await engine.Catalog.GetAsync(backend, cancellation);
            return [.. slot.Current!.DeviceInfos.Select(info => new BackendDevice(slot, info))];
        }
        // Not here: the report says why. That there is no such plugin at all is for the caller to hear.
        catch (Exception failure) when (failure is BackendUnavailableException or BackendFaultException && engine.Catalog.Backends.Any(b => b.Id == backend))
        {
            return [];
        }
    }

    private static void Say(EvidenceDocument document, string? backend)
    {
        foreach (var device in document.Devices) Console.Out.WriteLine(EvidenceText.Verdict(device));
        if (document.Devices.Count != 0) return;
        Console.Out.WriteLine(backend is null ? "No GPU or other accelerator was found." : $"{backend} has no device here.");
        foreach (var refused in document.Refused) Console.Out.WriteLine($"  {refused.Backend}: {(refused.Name is null ? "not opened: " : "refused: ")}{refused}");
        if (backend is not null) return;
        if (document.OnlyWhenNamed.Count != 0) Console.Out.WriteLine($"  Used only when named: {string.Join(", ", document.OnlyWhenNamed)}.");
        Console.Out.WriteLine("`hotplug devices --all` lists what there is; any of it is examined when it is named: hotplug doctor --gpu --device NAME");
    }
}
