namespace Hotplug.Gpu.Kernels.Routing;

/// <summary>A number and its index.</summary>
internal struct Ranked
{
    public float Value;
    public int Index;
}
