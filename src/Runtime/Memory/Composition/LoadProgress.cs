namespace Hotplug.Runtime.Memory.Composition;

/// <summary>How far a load is, in bytes.</summary>
/// <param name="Stage">What it is doing.</param>
/// <param name="BufferType">Name of the buffer type concerned.</param>
/// <param name="Device">Name of its device.</param>
/// <param name="Done">Bytes done of this stage in this buffer type and device.</param>
/// <param name="Total">Bytes there are of it.</param>
/// <param name="TotalDone">Bytes done of the whole load, all stages.</param>
/// <param name="GrandTotal">Bytes of the whole load, all stages.</param>
public readonly record struct LoadProgress(LoadStage Stage, string BufferType, string Device, long Done, long Total, long TotalDone, long GrandTotal);
