namespace Hotplug.Inference.Grammars;

/// <summary>Limits that keep hostile grammars from taking time and memory without end.</summary>
internal static class GrammarLimits
{
    /// <summary>Longest text of a grammar or a schema, in characters.</summary>
    public const int TextLength = 1 << 20;

    /// <summary>Deepest nesting of parentheses, and of a schema.</summary>
    public const int Nesting = 128;

    /// <summary>Largest number in a repetition.</summary>
    public const int Repetition = 1 << 16;

    /// <summary>Nodes of a compiled grammar, repetitions written out.</summary>
    public const int Nodes = 1 << 18;

    /// <summary>Rules that wait for others to end: how deep the text nests. A text is kept from going deeper.</summary>
    public const int Depth = 512;

    /// <summary>Places in the grammar at which a text may be at the same time.</summary>
    public const int Places = 4096;

    /// <summary>Different stacks of waiting rules that are remembered.</summary>
    public const int Frames = 1 << 20;

    /// <summary>Work for the mask of one state, in places visited.</summary>
    public const long Work = 30_000_000;

    /// <summary>States remembered before all are forgotten and found anew.</summary>
    public const int States = 1 << 14;

    /// <summary>Bytes of masks remembered before all are forgotten and made anew.</summary>
    public const long MaskBytes = 64 << 20;
}
