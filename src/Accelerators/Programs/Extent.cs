using Hotplug.Abstractions.Graphs;

namespace Hotplug.Accelerators.Programs;

/// <summary>A product of dimensions, resolved anew in every step.</summary>
public readonly record struct Extent(long Constant, int Tokens, int OutputRows, int Sequences)
{
    /// <summary>The product of dimensions.</summary>
    public static Extent Of(params ReadOnlySpan<Dimension> dimensions)
    {
        var extent = new Extent(1, 0, 0, 0);
        foreach (var dimension in dimensions)
            extent = dimension.Symbol switch
            {
                Symbol.Tokens => extent with { Tokens = extent.Tokens + 1 },
                Symbol.OutputRows => extent with { OutputRows = extent.OutputRows + 1 },
                Symbol.Sequences => extent with { Sequences = extent.Sequences + 1 },
                _ => extent with { Constant = checked(extent.Constant * dimension.Constant) },
            };
        return extent;
    }

    /// <summary>All dimensions but the innermost: the rows of a value.</summary>
    public static Extent RowsOf(GraphValue value) => Of(value.Shape.D1, value.Shape.D2, value.Shape.D3);

    /// <summary>All elements of a value.</summary>
    public static Extent ElementsOf(GraphValue value) => Of(value.Shape.D0, value.Shape.D1, value.Shape.D2, value.Shape.D3);

    /// <summary>The number in a step, or at its bounds.</summary>
    public long Resolve(in StepBounds bounds)
    {
        var product = Constant;
        for (var i = 0; i < Tokens; i++) product *= bounds.Tokens;
        for (var i = 0; i < OutputRows; i++) product *= bounds.OutputRows;
        for (var i = 0; i < Sequences; i++) product *= bounds.Sequences;
        return product;
    }
}
