namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Where the row numbers of <see cref="GetRows"/> come from.</summary>
public enum RowSource
{
    /// <summary>The token ids of the step: <c>n</c> rows.</summary>
    TokenIds,
    /// <summary>The positions of the step: <c>n</c> rows.</summary>
    Positions,
    /// <summary>The step's output rows: <c>o</c> rows.</summary>
    OutputRows,
}
