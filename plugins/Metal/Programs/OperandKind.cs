namespace Hotplug.Metal.Programs;

/// <summary>What operands of kernels are.</summary>
internal enum OperandKind
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>A value or a weight.</summary>
    Value,
    /// <summary>Pages of the KV cache, one buffer of the pool after the other.</summary>
    Pool,
    /// <summary>The step's token ids.</summary>
    TokenIds,
    /// <summary>Positions of the rows.</summary>
    Positions,
    /// <summary>The rows chosen for output.</summary>
    OutputRows,
    /// <summary>The sequences.</summary>
    Sequences,
    /// <summary>The sequence of each row.</summary>
    RowSequences,
    /// <summary>The page lists.</summary>
    Pages,
    /// <summary>Cosines and sines of a rotation, a row per token.</summary>
    Rotation,
    /// <summary>Cosines and sines of a shift, a row per sequence.</summary>
    Shift,
}
