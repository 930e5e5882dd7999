namespace Hotplug.Cpu.Kernels;

/// <summary>Bits of a quantised activation.</summary>
internal enum ActivationBits
{
    Eight = 8,
    Sixteen = 16,
}
