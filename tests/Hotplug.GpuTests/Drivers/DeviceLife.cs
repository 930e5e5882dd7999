using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;

namespace Hotplug.GpuTests.Drivers;

/// <summary>Everything that a plugin does for a host, in little: buffers of all types, transfers, copies on the device, products, norms, attention, pages.</summary>
internal static class DeviceLife
{
    /// <summary>Lives it, the same every time. Buffers are the run's; what fails is thrown.</summary>
    public static void Live(BackendRun run)
    {
        var device = run.Device();
        var spec = new TensorSpec { Type = TensorType.Q8_0, Shape = new(64, 8) };
        var rows = new byte[spec.ByteLength];
        foreach (var type in device.BufferTypes)
        {
            using var buffer = run.Allocate(type, type.AllocationSize(spec));
            buffer.Buffer.Write(buffer.At(0, spec), 0, rows);
            buffer.Buffer.Read(buffer.At(0, spec), 0, rows);
            buffer.Buffer.Clear(0, buffer.Buffer.Length);
            if (type.Traits.HostVisible) continue;
            using var other = run.Allocate(type, type.AllocationSize(spec));
            if (!((ICopiesFrom)device).TryCopy(buffer.At(0, spec), other.At(0, spec), 8)) throw new InvalidOperationException("A copy on the device was refused.");
        }
        foreach (var (kind, seed) in new[] { ("MatMul", 1), ("RmsNorm", 2), ("Attention", 3) })
        {
            var graph = OperationCases.Make(kind, new Random(seed), device.Info, TensorType.Q8_0);
            using var runner = new DeviceRunner(run, device, graph);
            runner.Run(graph.Steps[0]);
            if (runner.Cache is { } cache && cache.Pool.PageCount > 1) cache.Layout.Copy(cache.Pool.Locate(0), cache.Pool.Locate(1));
        }
    }
}
