namespace Hotplug.Cpu.Kernels.Tiles.Lines;

/// <summary>An offset of codes, at compile time.</summary>
internal interface ICodeOffset
{
    static abstract int Value { get; }
}

/// <summary>Types with a minimum.</summary>
internal readonly struct NoOffset : ICodeOffset { public static int Value => 0; }

/// <summary>Q3_K.</summary>
internal readonly struct OffsetOf4 : ICodeOffset { public static int Value => 4; }

/// <summary>Q6_K.</summary>
internal readonly struct OffsetOf32 : ICodeOffset { public static int Value => 32; }
