using System.Reflection;
using Hotplug.Gpu.Kernels.Elements;
using Hotplug.Gpu.Kernels.Norms;

namespace Hotplug.Gpu.Kernels;

/// <summary>Every kernel of the plugin, each closed over every type it is used with: what code generation is proved for without a device.</summary>
internal static class KernelCatalog
{
    private static readonly Type[] Activations =
        [typeof(Silu), typeof(GeluTanh), typeof(GeluErf), typeof(Relu), typeof(ReluSquared), typeof(SwishAlpha), typeof(Tanh), typeof(Sigmoid)];

    private static readonly Type[] Tails = [typeof(NoTail)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<KernelEntry> Kernels { get; } =
    [
        // Elements
        One(typeof(AddKernel)),
        One(typeof(MulKernel)),
        One(typeof(ScaleKernel)),
        One(typeof(SoftCapKernel)),
        One(typeof(CastToFloatKernel)),
        One(typeof(CastToIntegerKernel)),
        One(typeof(CopyKernel)),
        One(typeof(CopyRowsKernel)),
        One(typeof(FillKernel)),
        .. Each(typeof(ActivateKernel), Activations),
        .. Each(typeof(GatedKernel), Activations),

        // Norms
        .. Each(typeof(RmsNormKernel), Tails),
        One(typeof(LayerNormKernel)),
        One(typeof(NormalizeKernel)),
    ];

    /// <summary>A kernel without type arguments, or with these.</summary>
    private static KernelEntry One(Type kernel, params Type[] arguments)
    {
        var run = kernel.GetMethod("Run", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            ?? throw new MissingMethodException(kernel.FullName, "Run");
        return new(run.IsGenericMethodDefinition ? run.MakeGenericMethod(arguments) : run);
    }

    /// <summary>A kernel of one type argument, once for each type.</summary>
    private static IEnumerable<KernelEntry> Each(Type kernel, params Type[] types) => types.Select(type => One(kernel, type));

    /// <summary>The same of a kernel that multiplies bytes.</summary>
    private static IEnumerable<KernelEntry> EachDot4(Type kernel, params Type[] types) => Each(kernel, types).Select(entry => entry with { Dot4 = true });
}
