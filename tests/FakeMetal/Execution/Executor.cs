using Hotplug.Metal.Fake.Memory;
using Hotplug.Metal.Fake.Objects;
using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.Metal.Fake.Execution;

/// <summary>Runs a command buffer, in an order that nothing forbids.</summary>
internal sealed class Executor(FakeRuntime runtime)
{
    private const long PageFault = 3, InvalidResource = 9, DeviceRemoved = 11;

    private FakeOptions Options => runtime.Options;

    /// <summary>Runs it. Gives the error it ends with, or null.</summary>
    public FakeError? Run(FakeCommandBuffer commands)
        => RunAll(commands) ?? (Options.FailsOnViolation && runtime.FirstViolation is { } broken ? new(runtime, InvalidResource, $"Rules were broken, first {broken}") : null);

    private FakeError? RunAll(FakeCommandBuffer commands)
    {
        if (runtime.Faults.DeviceLost) return new(runtime, DeviceRemoved, "The device was removed.");
        if (runtime.Faults.TryTake("", out var code, out var text)) return new(runtime, code, text);

        var buffers = commands.Used.OfType<FakeBuffer>().ToArray();
        foreach (var used in commands.Used)
        {
            if (!used.IsGone) continue;
            runtime.Report(ViolationKind.FreedInFlight, $"{commands} runs with {used}, which was given back.");
            return new(runtime, InvalidResource, $"{used} is gone.");
        }
        var map = buffers.Any(b => b.IsWrapped) ? FakeRuntime.Map() : null;
        foreach (var buffer in buffers)
        {
            if (!buffer.IsWrapped || map!.Of(buffer.Start, buffer.Covered) != HostAccess.None) continue;
            runtime.Report(ViolationKind.Unmapped, $"{commands} runs with {buffer}, under which memory is not mapped.");
            return new(runtime, PageFault, $"Page fault at 0x{buffer.Start:x}.");
        }
        foreach (var pass in commands.Passes)
        {
            if (Run(pass, map) is { } error) return error;
        }
        foreach (var buffer in buffers) buffer.CheckGuards($"after {commands}");
        return null;
    }

    private FakeError? Run(Pass pass, HostMap? map)
    {
        var done = new List<(Pass.Step Step, AccessLog Log)>();
        foreach (var step in Order(pass))
        {
            foreach (var (buffer, writes) in step.Command.Buffers)
            {
                if (!writes || !buffer.IsWrapped || map!.Of(buffer.Start, buffer.Covered) == HostAccess.Write) continue;
                runtime.Report(ViolationKind.ReadOnly, $"{Name(step)} can write to {buffer}, which stands on read-only memory.");
                return new(runtime, PageFault, $"Write to read-only memory at 0x{buffer.Start:x}.");
            }
            var log = new AccessLog();
            try
            {
                runtime.Dispatches += step.Command is DispatchCommand ? 1 : 0;
                step.Command.Execute(unchecked(Options.Seed * 31 + runtime.Dispatches), map, log);
            }
            catch (ShaderFaultException fault)
            {
                runtime.Report(ViolationKind.Kernel, fault.Message);
                return new(runtime, PageFault, fault.Message);
            }
            if (!pass.IsConcurrent) continue;
            foreach (var (other, otherLog) in done)
            {
                var (earlier, later) = other.Position < step.Position ? (other, step) : (step, other);
                if (pass.AreOrdered(earlier, later) || log.Conflict(otherLog) is not { } at) continue;
                runtime.Report(ViolationKind.MissingBarrier, $"{Name(earlier)} and {Name(later)} both touch 0x{at.Start:x} to 0x{at.End:x}, and no barrier orders them.");
            }
            done.RemoveAll(d => d.Step.Epoch != step.Epoch);
            done.Add((step, log));
        }
        return null;
    }

    /// <summary>All steps, each after those it is ordered behind.</summary>
    private List<Pass.Step> Order(Pass pass)
    {
        if (!pass.IsConcurrent || Options.Order == DispatchOrder.Recorded) return [.. pass.Steps];
        var random = new Random(unchecked(Options.Seed * 31 + runtime.Dispatches));
        var ordered = new List<Pass.Step>();
        foreach (var epoch in pass.Steps.GroupBy(s => s.Epoch))
        {
            var steps = epoch.ToArray();
            var behind = new List<int>[steps.Length];
            var waiting = new int[steps.Length];
            for (var i = 0; i < steps.Length; i++)
            {
                behind[i] = [.. Enumerable.Range(i + 1, steps.Length - i - 1).Where(j => pass.AreOrdered(steps[i], steps[j]))];
                foreach (var j in behind[i]) waiting[j]++;
            }
            var ready = Enumerable.Range(0, steps.Length).Where(i => waiting[i] == 0).ToList();
            while (ready.Count > 0)
            {
                var chosen = Options.Order == DispatchOrder.Reversed ? ready.IndexOf(ready.Max()) : random.Next(ready.Count);
                var next = ready[chosen];
                ready.RemoveAt(chosen);
                ordered.Add(steps[next]);
                foreach (var j in behind[next])
                {
                    if (--waiting[j] == 0) ready.Add(j);
                }
            }
        }
        return ordered;
    }

    private static string Name(Pass.Step step) => step.Command is DispatchCommand dispatch ? $"{dispatch.Shader.Name} (command {step.Position})" : $"command {step.Position}";
}
