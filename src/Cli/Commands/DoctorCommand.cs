using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug doctor</c>: looks at everything that a run depends on, and says what is wrong and how to mend it.</summary>
internal sealed class DoctorCommand : Command
{
    private readonly EngineFlags _flags = new();

    public DoctorCommand() : base("doctor", "Check plugins, memory limits and the embedded model")
    {
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var output = Console.Out;
        output.WriteLine($"system       {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits");
        output.WriteLine($"runtime      {RuntimeInformation.FrameworkDescription}");
        var limits = HostLimits.Query();
        output.WriteLine($"pages        {limits.PageSize} bytes");
        output.WriteLine(limits.Lockable is { } bytes
            ? $"locking      {SizeText.Show((long)bytes)} may be locked{(limits.MayExceedLockLimit ? " (the process is exempt from the limit)" : $"; to raise it: {limits.LimitCure}")}"
            : "locking      no limit");
        output.WriteLine($"model        {(File.Exists(EmbeddedModel.Path) ? EmbeddedModel.Path : $"MISSING: {EmbeddedModel.Path}. Build the command line again.")}");
        output.WriteLine();

        await using var engine = new Engine(_flags.Read(arguments));
        var probes = await engine.Catalog.ProbeAllAsync(tests: true, cancellation);
        output.Write(engine.Catalog.Report().ToText());
        foreach (var probe in probes) output.WriteLine($"{probe.Id}: {(probe.Score > 0 ? $"can run here (score {probe.Score})" : "cannot run here")}{(probe.OnlyWhenNamed ? ", used only when named" : "")}: {string.Join("; ", probe.Reasons)}");
        var healthy = File.Exists(EmbeddedModel.Path) && probes.Any(p => p.Score > 0) && engine.Catalog.Report().Rejected.Count == 0;
        output.WriteLine(healthy ? "Everything is in order." : "Something is not in order; see above.");
        return healthy ? ExitCode.Done : ExitCode.Usage;
    }
}
