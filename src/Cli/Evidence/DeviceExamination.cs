using Hotplug.Abstractions.Devices;
using Hotplug.Cli.Commands;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Cli.Evidence;

/// <summary>Everything that is asked of one device, one thing after the other on one thread. What fails is written down, not thrown.</summary>
internal sealed class DeviceExamination(Engine engine, int cases, int seed, bool quick, Action<string> progress, CancellationToken cancellation)
{
    public async Task<DeviceEvidence> RunAsync(BackendDevice device)
    {
        var name = device.Address.ToString();
        var failures = new List<string>();
        DeviceEvidence evidence;
        using (var lease = device.Slot.Acquire("doctor"))
        {
            var opened = lease.Device(device.Info.Id);
            var (info, memory, effort) = (opened.Info, opened.QueryMemory(), Effort.Of(opened.Info.Kind, quick));
            var diagnostics = opened is IDeviceDiagnostics itself ? Try<IReadOnlyList<DeviceDiagnostic>>("asking the device about its system", () =>
            {
                progress($"{name}: its system");
                return [.. itself.Diagnose()];
            }) : [];
            progress($"{name}: buffers");
            var buffers = new BufferCheck(opened, engine.Host.Space, cancellation).Run();
            var kernels = KernelCheck.Run(opened, cases, seed, kind => progress($"{name}: {kind}"), cancellation);
            var speed = Try("measuring", () => new SpeedCheck(opened, engine.Host.Space, effort, cancellation).Run(what => progress($"{name}: {what}")));
            evidence = new()
            {
                Name = name,
                Description = info.Name,
                Kind = info.Kind.ToString(),
                Backend = $"{lease.Backend.Info.Name} {lease.Backend.Info.Version}",
                PhysicalIdentity = info.PhysicalIdentity,
                TotalBytes = memory.Total,
                FreeBytes = memory.Free,
                Diagnostics = diagnostics ?? [],
                Buffers = buffers,
                Kernels = kernels,
                Speed = speed,
                Failures = failures,
            };
        }
        var modelEffort = Effort.Of(device.Info.Kind, quick);
        progress($"{name}: the embedded model");
        var model = await TryAsync("running the embedded model", () => ModelAsync(name, modelEffort));
        var loads = await TryAsync("loading the embedded model", () => new LoadCheck(engine, name, Math.Min(12, modelEffort.Tokens), cancellation).RunAsync(what => progress($"{name}: {what}")));
        return evidence with { Model = model, Loads = loads ?? [] };

        async Task<T?> TryAsync<T>(string what, Func<Task<T>> run) where T : class
        {
            try
            {
                return await run();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                failures.Add($"{what}: {failure.Message}");
                return null;
            }
        }

        T? Try<T>(string what, Func<T> run) where T : class
        {
            try
            {
                return run();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                failures.Add($"{what}: {failure.Message}");
                return null;
            }
        }
    }

    private async Task<ModelEvidence> ModelAsync(string device, Effort effort)
    {
        var options = new ModelOptions { Placement = new() { Backend = device }, Context = Math.Max(effort.Prompt, effort.Tokens) };
        using var model = await engine.Host.LoadAsync(ModelSource.Open(EmbeddedModel.Path), options, cancellation: cancellation);
        using var runner = new BenchRunner(model, depth: 0);
        var prefill = runner.Measure(effort.Prompt, effort.Runs, warmUp: true, runner.Prefill, cancellation);
        var decode = runner.Measure(effort.Tokens, effort.Runs, warmUp: true, runner.Decode, cancellation);
        return new(Path.GetFileName(EmbeddedModel.Path), [.. model.Executor.Plan.Devices.Select(d => d.Name)],
            effort.Prompt, prefill.TokensPerSecond, effort.Tokens, decode.TokensPerSecond, model.Executor.Plan.Notes);
    }
}
