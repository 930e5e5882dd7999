namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>Says at compile time whether a 4-bit type has a minimum per block or the offset 8.</summary>
internal interface IMinimum
{
    static abstract bool Exists { get; }
}

/// <summary>q·d + m.</summary>
internal readonly struct WithMinimum : IMinimum { public static bool Exists => true; }

/// <summary>(q − 8)·d.</summary>
internal readonly struct WithOffset8 : IMinimum { public static bool Exists => false; }
