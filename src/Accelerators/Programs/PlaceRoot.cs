namespace Hotplug.Accelerators.Programs;

/// <summary>The kinds of roots of a program's places.</summary>
public enum PlaceRoot
{
    /// <summary>A block of the workspace.</summary>
    Workspace,
    /// <summary>An input of the slice.</summary>
    Input,
    /// <summary>An output of the slice.</summary>
    Output,
    /// <summary>A weight of the slice, bound at compile.</summary>
    Weight,
}
