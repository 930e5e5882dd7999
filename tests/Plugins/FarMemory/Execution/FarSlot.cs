namespace Hotplug.FarMemory.Execution;

/// <summary>Where the rows of a value lie in the workspace: runs of rows, each in one block.</summary>
/// <param name="RowBytes">Bytes of a row.</param>
/// <param name="RunRows">Rows of every run but the last.</param>
/// <param name="Runs">Block and offset of each run.</param>
internal sealed record FarSlot(int RowBytes, int RunRows, IReadOnlyList<(int Block, int Offset)> Runs);
