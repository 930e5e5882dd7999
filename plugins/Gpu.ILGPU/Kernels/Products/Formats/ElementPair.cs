namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Two neighbouring elements.</summary>
internal struct ElementPair
{
    public float First, Second;
}
