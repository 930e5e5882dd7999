using Hotplug.Gpu.Kernels.Attention;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>Into how many parts the cells of a row are divided, so that few rows with many cells still give all of a device work.</summary>
internal sealed class AttentionSplits(int heads, int queryHeadsPerHead, int maxGroups)
{
    /// <summary>Most rows for which cells are divided.</summary>
    public const int MostRows = 8;

    /// <summary>Most parts.</summary>
    public const int Most = 16;

    // Below, the merge costs more than it brings.
    private const int LeastCells = 2 * AttentionCore.Cells;

    /// <summary>The parts for a step with so many rows and cells.</summary>
    public int Of(int rows, int cells)
        => rows > MostRows ? 1 : Math.Max(1, Math.Min(Math.Min(Most, cells / LeastCells), maxGroups / AttentionTiles.Units(rows, heads, queryHeadsPerHead, 1)));
}
