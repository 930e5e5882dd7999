using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Norms;
using Hotplug.Gpu.Kernels.Products;
using ILGPU;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>Launches of what reads weights: products, rows, and the quantised activations that products read.</summary>
internal static class ProductLaunches
{
    /// <summary>True if there are kernels for weights of this type.</summary>
    public static bool Knows(TensorType type) => QuantKernels.For(type) is not null || ElementKernels.For(type) is not null;

    /// <summary>Bytes of a quantised row.</summary>
    public static long QuantizedRowBytes(long width) => sizeof(int) * Activations.RowWords(width);

    public static Launch Quantize(LaunchContext c, GraphValue value)
    {
        var (input, output, rows, units) = (c.At(value), c.Layout.QuantizedOf(value), Extent.RowsOf(value), (int)value.Shape.D0.Constant / PackedFormat.UnitLength);
        return c.New(QuantizeKernel.Run, s => (rows.Resolve(s.Extents) * (units / 2) + c.GroupSize - 1) / c.GroupSize, s => new QuantizeKernel.Arguments
        {
            Input = s.Floats(input), Output = s.Words(output), Units = units, Rows = (int)rows.Resolve(s.Extents),
        });
    }

    /// <summary>A norm that quantises what it has written.</summary>
    public static Launch RmsNorm(LaunchContext c, RmsNorm o)
    {
        var (input, output, rows, width, quantized) = (c.At(o.Input), c.At(o.Output), Extent.RowsOf(o.Output), (int)o.Output.Shape.D0.Constant, c.Layout.QuantizedOf(o.Output));
        var weight = c.At(o.Weight, out var weighted);
        return c.New(RmsNormKernel.Run<QuantizeTail>, s => rows.Resolve(s.Extents), s => new RmsNormKernel.Arguments<QuantizeTail>
        {
            Input = s.Floats(input), Weight = weighted ? s.Floats(weight) : s.Floats(input), Output = s.Floats(output), Rows = (int)rows.Resolve(s.Extents), Width = width,
            HasWeight = weighted ? 1 : 0, Epsilon = o.Epsilon, Tail = new() { Output = s.Words(quantized), Units = width / PackedFormat.UnitLength },
        });
    }

    public static Launch MatMul(LaunchContext c, MatMul o)
    {
        var (weight, output, columns) = (c.At(o.Weight), c.At(o.Output), Extent.RowsOf(o.Input));
        var bias = c.At(o.Bias, out var biased);
        var (width, rows) = ((int)o.Weight.Shape.D0.Constant, (int)o.Weight.Shape.D1.Constant);
        long Columns(GpuStep s) => columns.Resolve(s.Extents);
        if (QuantKernels.For(o.Weight.Type) is { } quant)
        {
            var (input, rowWords) = (c.Layout.QuantizedOf(o.Input), PackedFormat.For(o.Weight.Type).RowBytes(width) / sizeof(int));
            MatVecKernel.Arguments Arguments(GpuStep s) => new()
            {
                Weights = s.Words(weight), Input = s.Words(input), Bias = biased ? s.Floats(bias) : s.Floats(output), Output = s.Floats(output),
                RowWords = rowWords, Units = width / PackedFormat.UnitLength, Rows = rows, Columns = (int)Columns(s), HasBias = biased ? 1 : 0,
            };
            return new ByColumns(Columns, c.New(quant.MatVec, s => MatVecKernel.Work(rows, (int)Columns(s)), Arguments),
                c.New(quant.Columns, s => MatVecColumnsKernel.Work(rows, (int)Columns(s)), Arguments), c.Tiles(quant.MatMul, s => Tile.Count(rows, (int)Columns(s), c.TileGroupSize), Arguments));
        }
        var (plain, elements) = (c.At(o.Input), ElementKernels.For(o.Weight.Type)!);
        MatVecElementsKernel.Arguments Plain(GpuStep s) => new()
        {
            Weights = s.Words(weight), Input = s.Floats(plain), Bias = biased ? s.Floats(bias) : s.Floats(output), Output = s.Floats(output),
            Width = width, Rows = rows, Columns = (int)Columns(s), HasBias = biased ? 1 : 0,
        };
        var one = c.New(elements.MatVec, s => MatVecKernel.Work(rows, (int)Columns(s)), Plain);
        return new ByColumns(Columns, one, one, c.Tiles(elements.MatMul, s => Tile.Count(rows, (int)Columns(s), c.TileGroupSize), Plain));
    }

    public static Launch MatMulExperts(LaunchContext c, MatMulExperts o)
    {
        var (weight, ids, output, tokens) = (c.At(o.Weight), c.At(o.Ids), c.At(o.Output), Extent.RowsOf(o.Ids));
        var bias = c.At(o.Bias, out var biased);
        var (width, rows, experts, used) = ((int)o.Weight.Shape.D0.Constant, (int)o.Weight.Shape.D1.Constant, (int)o.Weight.Shape.D2.Constant, (int)o.Ids.Shape.D0.Constant);
        // With one expert per token both readings are the same.
        var perExpert = o.Input.Shape.D1 == (Dimension)1 && used != 1 ? 0 : 1;
        long Units(GpuStep s) => (rows + MatVecKernel.RowsPerUnit - 1L) / MatVecKernel.RowsPerUnit * used * tokens.Resolve(s.Extents);
        if (QuantKernels.For(o.Weight.Type) is { } quant)
        {
            var (input, rowWords) = (c.Layout.QuantizedOf(o.Input), PackedFormat.For(o.Weight.Type).RowBytes(width) / sizeof(int));
            return c.New(quant.Experts, Units, s => new MatMulExpertsKernel.Arguments
            {
                Weights = s.Words(weight), Input = s.Words(input), Ids = s.Words(ids), Bias = biased ? s.Floats(bias) : s.Floats(output), Output = s.Floats(output), RowWords = rowWords,
                Units = width / PackedFormat.UnitLength, Rows = rows, Experts = experts, Used = used, Tokens = (int)tokens.Resolve(s.Extents), InputPerExpert = perExpert, HasBias = biased ? 1 : 0,
            });
        }
        var plain = c.At(o.Input);
        return c.New(ElementKernels.For(o.Weight.Type)!.Experts, Units, s => new MatMulExpertsElementsKernel.Arguments
        {
            Weights = s.Words(weight), Input = s.Floats(plain), Ids = s.Words(ids), Bias = biased ? s.Floats(bias) : s.Floats(output), Output = s.Floats(output), Width = width,
            Rows = rows, Experts = experts, Used = used, Tokens = (int)tokens.Resolve(s.Extents), InputPerExpert = perExpert, HasBias = biased ? 1 : 0,
        });
    }

    public static Launch CombineExperts(LaunchContext c, CombineExperts o)
    {
        var (input, weights, output, tokens) = (c.At(o.Input), c.At(o.Weights), c.At(o.Output), Extent.RowsOf(o.Weights));
        var (width, used) = ((int)o.Input.Shape.D0.Constant, (int)o.Weights.Shape.D0.Constant);
        return c.Elements(CombineExpertsKernel.Run, Extent.ElementsOf(o.Output), s => new CombineExpertsKernel.Arguments
        {
            Input = s.Floats(input), Weights = s.Floats(weights), Output = s.Floats(output), Width = width, Used = used, Tokens = (int)tokens.Resolve(s.Extents),
        });
    }

    public static Launch GetRows(LaunchContext c, GetRows o)
    {
        var (table, output, count, width) = (c.At(o.Table), c.At(o.Output), Extent.ElementsOf(o.Output), (int)o.Output.Shape.D0.Constant);
        ArrayView<int> Ids(GpuStep s) => o.Source switch { RowSource.TokenIds => s.TokenIds, RowSource.Positions => s.Positions, _ => s.OutputRows };
        if (o.Table.IsWeight && QuantKernels.For(o.Table.Type) is { } quant)
        {
            var rowWords = PackedFormat.For(o.Table.Type).RowBytes(width) / sizeof(int);
            return c.Elements(quant.GetRows, count, s => new GetRowsKernel.Arguments
            {
                Weights = s.Words(table), Ids = Ids(s), Output = s.Floats(output), RowWords = rowWords, Units = width / PackedFormat.UnitLength, Rows = (int)Ids(s).Length,
            });
        }
        return c.Elements(ElementKernels.For(o.Table.Type)!.GetRows, count, s => new GetRowsElementsKernel.Arguments { Table = s.Words(table), Ids = Ids(s), Output = s.Floats(output), Width = width, Rows = (int)Ids(s).Length });
    }
}
