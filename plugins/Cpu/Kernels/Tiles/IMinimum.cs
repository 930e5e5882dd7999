namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>Says at compile time whether a type has a minimum per block or an offset of its codes.</summary>
internal interface IMinimum
{
    static abstract bool Exists { get; }

    /// <summary>True for a minimum of each half of a block, as an integer times one of the whole.</summary>
    static virtual bool IsPerHalf => false;
}

/// <summary>q·d + m.</summary>
internal readonly struct WithMinimum : IMinimum { public static bool Exists => true; }

/// <summary>(q − offset)·d.</summary>
internal readonly struct WithOffset : IMinimum { public static bool Exists => false; }

/// <summary>q·(d·s) + m·t, with integers s and t per half of a block.</summary>
internal readonly struct WithMinima : IMinimum
{
    public static bool Exists => true;

    public static bool IsPerHalf => true;
}
