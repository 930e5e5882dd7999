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
    private readonly Option<bool> _gpu = new("--gpu") { Description = "Examine every GPU: its kernels against the scalar reference, copies, products, tokens per second" };
    private readonly Option<bool> _metal = new("--metal") { Description = "Examine Apple's GPUs in the same way, and how Metal is called on this system" };
    private readonly Option<string?> _device = new("--device") { Description = "With --gpu: examine this device, whatever it is", HelpName = "NAME" };
    private readonly Option<bool> _json = new("--json") { Description = "With --gpu or --metal: write one JSON document" };
    private readonly Option<int> _cases = new("--cases") { Description = "With --gpu or --metal: random cases for each kernel", HelpName = "N", DefaultValueFactory = _ => 8 };
    private readonly Option<int> _seed = new("--seed") { Description = "With --gpu or --metal: seed of the random cases", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _quick = new("--quick") { Description = "With --gpu or --metal: small sizes only; says whether it works, and nothing about speed" };
    private readonly EngineFlags _flags = new();

    public DoctorCommand() : base("doctor", "Check plugins, memory limits and the embedded model; with --gpu or --metal examine accelerators")
    {
        foreach (var option in new Option[] { _gpu, _metal, _device, _json, _cases, _seed, _quick }) Add(option);
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var name = arguments.GetValue(_device);
        var (gpu, metal) = (arguments.GetValue(_gpu), arguments.GetValue(_metal));
        if (gpu && metal) throw new UsageException("--gpu examines every accelerator, those of Metal too. Give one of --gpu and --metal.");
        if (metal && name is not null) throw new UsageException($"--device goes with --gpu: hotplug doctor --gpu --device {name}");
        if (gpu || metal)
        {
            var cases = arguments.GetValue(_cases);
            if (cases is < 1 or > 10_000) throw new UsageException($"--cases {cases} makes no sense. Type a number from 1 to 10000.");
            await using var examined = new Engine(_flags.Read(arguments));
            return await EvidenceRunner.RunAsync(examined, name, metal ? "metal" : null, cases, arguments.GetValue(_seed), arguments.GetValue(_quick), arguments.GetValue(_json), cancellation);
        }
        if (name is not null || arguments.GetValue(_json)) throw new UsageException("--device and --json go with --gpu: hotplug doctor --gpu --device NAME --json; --json also with --metal");
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
