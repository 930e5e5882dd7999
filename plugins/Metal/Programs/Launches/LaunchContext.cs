using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Programs.Launches;

/// <summary>What the makers of launches have in common: the places of the plan's values, and the kernels. On the device's thread.</summary>
internal sealed class LaunchContext(MetalPlan plan)
{
    /// <summary>Threads of a simdgroup.</summary>
    public const int Simd = 32;

    private const int MostThreads = 256;
    private const long MostGroups = 4096;

    public ProgramLayout Layout => plan.Layout;

    /// <summary>The layout of the cache's pages, which the slice touches.</summary>
    public KvCache.MetalKvLayout Cache => (KvCache.MetalKvLayout)plan.Slice.KvLayout!;

    /// <summary>A kernel.</summary>
    public MetalPipeline Kernel(string file, string name) => plan.Device.Thread.Driver.Pipelines.Get(file, name);

    /// <summary>An operand that is read.</summary>
    public Operand In(GraphValue value) => Operand.In(plan.Layout[value]);

    /// <summary>An operand that may be absent.</summary>
    public Operand In(GraphValue? value, out uint there)
    {
        there = value is null ? 0u : 1u;
        return value is null ? Operand.None : Operand.In(plan.Layout[value]);
    }

    /// <summary>An operand that is written.</summary>
    public Operand Out(GraphValue value) => Operand.Out(plan.Layout[value]);

    /// <summary>A kernel over elements, which walks on by the size of the grid.</summary>
    public Launch Elements<TArguments>(string file, string name, Func<MetalStep, long> count, Func<MetalStep, TArguments> arguments, params Operand[] operands) where TArguments : unmanaged
    {
        var pipeline = Kernel(file, name);
        var threads = Threads(pipeline, MostThreads);
        return new Launch<TArguments>(pipeline, threads, s => Groups((count(s) + threads - 1) / threads), (s, _) => arguments(s), operands);
    }

    /// <summary>A kernel over rows, each done by a threadgroup of whole simdgroups.</summary>
    public Launch Rows<TArguments>(string file, string name, long width, Func<MetalStep, long> rows, Func<MetalStep, TArguments> arguments, params Operand[] operands) where TArguments : unmanaged
    {
        var pipeline = Kernel(file, name);
        return new Launch<TArguments>(pipeline, Threads(pipeline, width), s => Groups(rows(s)), (s, _) => arguments(s), operands);
    }

    /// <summary>Whole simdgroups for so many elements, as far as the kernel goes.</summary>
    public static int Threads(MetalPipeline pipeline, long wanted)
        => (int)Math.Clamp((wanted + Simd - 1) / Simd * Simd, Simd, Math.Min(MostThreads, (long)pipeline.MaxTotalThreadsPerThreadgroup / Simd * Simd));

    /// <summary>The threads that a kernel is written for.</summary>
    /// <exception cref="UnsupportedException">It cannot have them here.</exception>
    public static int Fixed(MetalPipeline pipeline, string name, int threads)
        => (ulong)threads <= pipeline.MaxTotalThreadsPerThreadgroup ? threads
            : throw new UnsupportedException($"Kernel {name} is written for {threads} threads, and this device gives it {pipeline.MaxTotalThreadsPerThreadgroup}.");

    /// <summary>Threadgroups of kernels that take any number of them.</summary>
    public static MTLSize Groups(long wanted) => new((ulong)Math.Clamp(wanted, 0, MostGroups));

    /// <summary>The table of the step that an operation reads.</summary>
    public Operand RotationOf(Rope rope) => Operand.Table(OperandKind.Rotation, IndexOf(plan.Layout.TableShape.Rotations, RopeKey.Of(rope)));

    /// <summary>The table of the step that an operation reads.</summary>
    public Operand ShiftOf(KvShift shift) => Operand.Table(OperandKind.Shift, IndexOf(plan.Layout.TableShape.Shifts, RopeKey.Of(shift)));

    private static int IndexOf(IReadOnlyList<RopeKey> keys, RopeKey key)
    {
        for (var i = 0; i < keys.Count; i++)
            if (keys[i] == key) return i;
        throw new InvalidOperationException("The plan has no table for a rotation of its own slice.");
    }
}
