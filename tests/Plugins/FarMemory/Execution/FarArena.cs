namespace Hotplug.FarMemory.Execution;

/// <summary>The workspace blocks of the step that is running.</summary>
internal sealed class FarArena(int blocks)
{
    /// <summary>Bytes of each block.</summary>
    public byte[][] Blocks { get; } = new byte[blocks][];
}
