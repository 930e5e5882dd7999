using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Interop.Values;
using Hotplug.Metal.Kernels.Arguments;

namespace Hotplug.Metal.Programs.Launches;

/// <summary>Launches of what reads weights: products and rows.</summary>
internal static class ProductLaunches
{
    // As in the kernels.
    private const int RowsPerSimd = 2, TileRows = 32, TileColumns = 32, TileThreads = 128;

    private const int VectorThreads = 128;

    /// <summary>True if there are kernels for weights of this type.</summary>
    public static bool Knows(TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1
        or TensorType.Q8_0 or TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K;

    public static Launch MatMul(LaunchContext c, MatMul o)
    {
        var columns = Extent.RowsOf(o.Input);
        var bias = c.In(o.Bias, out var biased);
        ProductArgs Arguments(MetalStep s) => new()
        {
            K = (uint)o.Weight.Shape.D0.Constant, M = (uint)o.Weight.Shape.D1.Constant, Columns = (uint)columns.Resolve(s.Extents), HasBias = biased,
        };
        Operand[] operands = [c.In(o.Weight), c.In(o.Input), bias, Operand.None, c.Out(o.Output)];
        var rows = o.Weight.Shape.D1.Constant;
        var (file, suffix) = Of(o.Weight.Type);
        var tiles = c.Kernel(file, $"mat_mat_{suffix}");
        return new ByColumns(s => columns.Resolve(s.Extents), Vector(c, o.Weight.Type, rows, s => columns.Resolve(s.Extents), Arguments, operands),
            new Launch<ProductArgs>(tiles, LaunchContext.Fixed(tiles, $"mat_mat_{suffix}", TileThreads),
                s => new MTLSize((ulong)((rows + TileRows - 1) / TileRows), (ulong)((columns.Resolve(s.Extents) + TileColumns - 1) / TileColumns)), (s, _) => Arguments(s), operands));
    }

    public static Launch MatMulExperts(LaunchContext c, MatMulExperts o)
    {
        var columns = Extent.ElementsOf(o.Ids);
        var bias = c.In(o.Bias, out var biased);
        return Vector(c, o.Weight.Type, o.Weight.Shape.D1.Constant, s => columns.Resolve(s.Extents), s => new ProductArgs
        {
            K = (uint)o.Weight.Shape.D0.Constant, M = (uint)o.Weight.Shape.D1.Constant, Columns = (uint)columns.Resolve(s.Extents), Used = (uint)o.Ids.Shape.D0.Constant,
            IsShared = o.Input.Shape.D1 == (Dimension)1 ? 1u : 0, HasBias = biased,
        }, [c.In(o.Weight), c.In(o.Input), bias, c.In(o.Ids), c.Out(o.Output)]);
    }

    public static Launch GetRows(LaunchContext c, GetRows o)
    {
        var (rows, width, (file, suffix)) = (Extent.RowsOf(o.Output), o.Output.Shape.D0.Constant, Of(o.Table.Type));
        var ids = Operand.Table(o.Source switch { RowSource.TokenIds => OperandKind.TokenIds, RowSource.Positions => OperandKind.Positions, _ => OperandKind.OutputRows });
        // A thread decodes a unit of sixteen elements.
        return c.Rows(file, $"get_rows_{suffix}", width / 16, s => rows.Resolve(s.Extents), s => new GetRowsArgs { Width = (uint)width, Rows = (uint)rows.Resolve(s.Extents) }, c.In(o.Table), ids, c.Out(o.Output));
    }

    private static Launch Vector(LaunchContext c, TensorType type, long rows, Func<MetalStep, long> columns, Func<MetalStep, ProductArgs> arguments, Operand[] operands)
    {
        var (file, suffix) = Of(type);
        var pipeline = c.Kernel(file, $"mat_vec_{suffix}");
        var threads = LaunchContext.Threads(pipeline, VectorThreads);
        var perGroup = threads / LaunchContext.Simd * RowsPerSimd;
        return new Launch<ProductArgs>(pipeline, threads, s => new MTLSize((ulong)((rows + perGroup - 1) / perGroup), (ulong)columns(s)), (s, _) => arguments(s), operands);
    }

    private static (string File, string Suffix) Of(TensorType type) => ($"Products/{type}.metal", type.ToString().ToLowerInvariant());
}
