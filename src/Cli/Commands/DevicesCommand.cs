using System.CommandLine;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Reports;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug devices</c>: what there is to run on, what was refused, and why.</summary>
internal sealed class DevicesCommand : Command
{
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document" };
    private readonly Option<bool> _all = new("--all") { Description = "Include what is used only when named: emulations and test equipment" };
    private readonly EngineFlags _flags = new();

    public DevicesCommand() : base("devices", "List devices, and say what was refused and why")
    {
        Add(_json);
        Add(_all);
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        await using var engine = new Engine(_flags.Read(arguments));
        var all = arguments.GetValue(_all);
        var document = await DevicesDocument.OpenAsync(engine.Catalog, all, cancellation);
        if (arguments.GetValue(_json))
        {
            Console.Out.WriteLine(document.ToJson());
            return ExitCode.Done;
        }
        var (devices, refused, hidden, report) = (document.Devices, document.Refused, document.OnlyWhenNamed, document.Plugins);
        // As wide as the longest name, so that what belongs together stands together.
        var width = devices.Select(d => d.Name.Length).Append(12).Max();
        var indent = new string(' ', width + 1);
        foreach (var device in devices)
        {
            Console.Out.WriteLine($"{device.Name.PadRight(width)} {device.Description}");
            Console.Out.WriteLine($"{indent}{device.Kind}, {Size(device.TotalBytes)} in all, {Size(device.FreeBytes)} free; KV cache {string.Join(", ", device.KvTypes)} in pages of {device.KvPageTokens}"
                + (device.Deterministic ? "; deterministic" : "") + (device.BatchInvariant ? ", batch-invariant" : ""));
            foreach (var type in device.BufferTypes)
                Console.Out.WriteLine($"{indent}buffers {type.Name}: {type.Traits}, {type.Residency.ToLowerInvariant()}, largest {Size(type.LargestAllocation)}");
        }
        if (devices.Count == 0) Console.Out.WriteLine("No device was found.");
        foreach (var rejected in report.Rejected) Console.Out.WriteLine($"{(rejected.Id ?? "?").PadRight(width)} rejected: {rejected.Reason} {rejected.Cure} ({rejected.Path})");
        foreach (var item in refused) Console.Out.WriteLine($"{item.Backend.PadRight(width)} {(item.Name is null ? "not opened" : "refused")}: {item}");
        foreach (var backend in report.Backends.Where(b => b.Problem is not null && b.Devices.Count != 0)) Console.Out.WriteLine($"{backend.Id.PadRight(width)} {backend.Problem}");
        if (hidden.Count != 0) Console.Out.WriteLine($"Used only when named, listed with --all: {string.Join(", ", hidden)}.");
        return ExitCode.Done;
    }

    private static string Size(ulong? bytes) => bytes switch { null => "unknown", > 1UL << 60 => "unlimited", { } b => SizeText.Show((long)b) };
}
