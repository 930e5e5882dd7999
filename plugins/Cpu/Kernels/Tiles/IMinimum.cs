namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>Says at compile time whether a type has a minimum per block or an offset of its codes.</summary>
internal interface IMinimum
{
    static abstract bool Exists { get; }
}

/// <summary>q·d + m.</summary>
internal readonly struct WithMinimum : IMinimum { public static bool Exists => true; }

/// <summary>(q − offset)·d.</summary>
internal readonly struct WithOffset : IMinimum { public static bool Exists => false; }
