namespace Hotplug.Cpu.Kernels;

/// <summary>Says at compile time of how many bits activations are: see <see cref="Activations"/>.</summary>
internal interface IActivationBits
{
    static abstract ActivationBits Bits { get; }

    /// <summary>True if there are coarse codes; what kernels do for them is left out otherwise.</summary>
    static abstract bool HaveCoarse { get; }
}

/// <summary>A byte.</summary>
internal readonly struct EightBits : IActivationBits
{
    public static ActivationBits Bits => ActivationBits.Eight;

    public static bool HaveCoarse => false;
}

/// <summary>A coarse byte and a fine one.</summary>
internal readonly struct SixteenBits : IActivationBits
{
    public static ActivationBits Bits => ActivationBits.Sixteen;

    public static bool HaveCoarse => true;
}
