namespace Hotplug.Runtime.Graphs;

/// <summary>Kinds of sections.</summary>
public enum SectionKind
{
    /// <summary>Before the first block.</summary>
    Input,
    /// <summary>A block.</summary>
    Block,
    /// <summary>Behind the last block.</summary>
    Output,
}
