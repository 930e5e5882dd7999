using System.Reflection;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.Gpu.Kernels.Elements;
using Hotplug.Gpu.Kernels.Norms;
using Hotplug.Gpu.Kernels.Positions;
using Hotplug.Gpu.Kernels.Products;
using Hotplug.Gpu.Kernels.Products.Formats;
using Hotplug.Gpu.Kernels.Routing;

namespace Hotplug.Gpu.Kernels;

/// <summary>Every kernel of the plugin, each closed over every type it is used with: what code generation is proved for without a device.</summary>
internal static class KernelCatalog
{
    private static readonly Type[] Activations =
        [typeof(Silu), typeof(GeluTanh), typeof(GeluErf), typeof(Relu), typeof(ReluSquared), typeof(SwishAlpha), typeof(Tanh), typeof(Sigmoid)];

    private static readonly Type[] Tails = [typeof(NoTail), typeof(QuantizeTail)];

    private static readonly Type[] Packed = [typeof(Q4_0), typeof(Q4_1), typeof(Q5_0), typeof(Q5_1), typeof(Q8_0), typeof(Q4_K), typeof(Q5_K), typeof(Q6_K)];

    private static readonly Type[] Plain = [typeof(F32), typeof(F16), typeof(BF16)];

    private static readonly Type[] Cells = [typeof(KvF32), typeof(KvF16), typeof(KvBF16)];

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
        .. Each(typeof(ActivateKernel), Activations),
        .. Each(typeof(GatedKernel), Activations),

        // Norms
        .. Each(typeof(RmsNormKernel), Tails),
        One(typeof(LayerNormKernel)),
        One(typeof(NormalizeKernel)),

        // Products
        One(typeof(QuantizeKernel)),
        .. EachDot4(typeof(MatVecKernel), Packed),
        .. EachDot4(typeof(MatVecColumnsKernel), Packed),
        .. EachDot4(typeof(MatMulKernel), Packed),
        .. EachDot4(typeof(MatMulExpertsKernel), Packed),
        .. Each(typeof(GetRowsKernel), Packed),
        .. Each(typeof(MatVecElementsKernel), Plain),
        .. Each(typeof(MatMulElementsKernel), Plain),
        .. Each(typeof(MatMulExpertsElementsKernel), Plain),
        .. Each(typeof(GetRowsElementsKernel), Plain),
        One(typeof(CombineExpertsKernel)),

        // Attention
        .. EachPair(typeof(KvAppendKernel), Cells),
        .. EachPair(typeof(AttentionKernel), Cells),
        One(typeof(AttentionMergeKernel)),
        One(typeof(AttentionBatchKernel)),

        // Positions
        One(typeof(RopeKernel)),
        .. Each(typeof(KvShiftKernel), Cells),

        // Routing
        One(typeof(ArgMaxKernel)),
        One(typeof(PoolKernel)),
        One(typeof(RouteTopKKernel)),
        One(typeof(SoftmaxKernel)),
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

    /// <summary>A kernel of two type arguments, once for each pair of types.</summary>
    private static IEnumerable<KernelEntry> EachPair(Type kernel, params Type[] types) => types.SelectMany(first => types.Select(second => One(kernel, first, second)));

    /// <summary>The same of a kernel that multiplies bytes.</summary>
    private static IEnumerable<KernelEntry> EachDot4(Type kernel, params Type[] types) => Each(kernel, types).Select(entry => entry with { Dot4 = true });
}
