namespace Hotplug.Abstractions.Graphs;

/// <summary>What a dimension stands for.</summary>
public enum Symbol
{
    /// <summary>A constant.</summary>
    None,
    /// <summary><c>n</c>, the tokens of the step.</summary>
    Tokens,
    /// <summary><c>o</c>, the rows chosen for output.</summary>
    OutputRows,
    /// <summary><c>s</c>, the sequences of the step.</summary>
    Sequences,
}
