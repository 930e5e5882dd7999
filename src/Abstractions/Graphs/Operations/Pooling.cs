namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>How the rows of a sequence become one.</summary>
public enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean,
    /// <summary>The first.</summary>
    First,
    /// <summary>The last.</summary>
    Last,
}
