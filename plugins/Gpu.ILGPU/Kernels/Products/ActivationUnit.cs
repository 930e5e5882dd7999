namespace Hotplug.Gpu.Kernels.Products;

/// <summary>Sixteen quantised activations: elements are Step · (254·coarse + fine), and Sum is the sum of what stands in the brackets.</summary>
internal struct ActivationUnit
{
    public IntQuad Coarse, Fine;
    public float Step;
    public int Sum;
}
