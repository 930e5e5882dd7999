namespace Hotplug.Runtime.Graphs;

/// <summary>The part of a model an operation belongs to: the unit of placement by layers.</summary>
/// <param name="Kind">Input, block or output.</param>
/// <param name="Block">Number of the block, for <see cref="SectionKind.Block"/>.</param>
public sealed record GraphSection(SectionKind Kind, int Block)
{
    /// <summary>Before the first block: the token embedding.</summary>
    public static GraphSection Input { get; } = new(SectionKind.Input, -1);

    /// <summary>Behind the last block: final norm and logits.</summary>
    public static GraphSection Output { get; } = new(SectionKind.Output, -1);

    /// <summary>Block <paramref name="number"/>.</summary>
    public static GraphSection OfBlock(int number) => new(SectionKind.Block, number);

    /// <inheritdoc/>
    public override string ToString() => Kind switch { SectionKind.Input => "input", SectionKind.Output => "output", _ => $"block {Block}" };
}
