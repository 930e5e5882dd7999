namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>What all tiles of 256 bits have in common.</summary>
internal static class TileShape256
{
    public const int Rows = 16, Tokens = 4;

    /// <summary>Bytes of a line, and of eight rows in it.</summary>
    public const int Line = 64, Half = 32;
}
