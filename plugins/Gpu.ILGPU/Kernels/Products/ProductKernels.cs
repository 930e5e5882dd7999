using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels.Products.Formats;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>The kernels of this folder, closed over the format of a weight's type. Throws <see cref="NotSupportedException"/> for a type that has none (host side).</summary>
internal static class ProductKernels
{
    /// <summary>Types that are packed and multiplied by quantised activations.</summary>
    public static IReadOnlyList<TensorType> QuantTypes { get; } =
        [TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K];

    /// <summary>Types in the standard layout, multiplied in single precision.</summary>
    public static IReadOnlyList<TensorType> ElementTypes { get; } = [TensorType.F32, TensorType.F16, TensorType.BF16];

    public static Action<MatVecKernel.Arguments> MatVec(TensorType type) => type switch
    {
        TensorType.Q8_0 => MatVecKernel.Run<Q8_0>,
        TensorType.Q4_0 => MatVecKernel.Run<Q4_0>,
        TensorType.Q4_1 => MatVecKernel.Run<Q4_1>,
        TensorType.Q5_0 => MatVecKernel.Run<Q5_0>,
        TensorType.Q5_1 => MatVecKernel.Run<Q5_1>,
        TensorType.Q4_K => MatVecKernel.Run<Q4_K>,
        TensorType.Q5_K => MatVecKernel.Run<Q5_K>,
        TensorType.Q6_K => MatVecKernel.Run<Q6_K>,
        _ => throw NoKernel(type),
    };

    public static Action<MatVecKernel.Arguments> MatVecColumns(TensorType type) => type switch
    {
        TensorType.Q8_0 => MatVecColumnsKernel.Run<Q8_0>,
        TensorType.Q4_0 => MatVecColumnsKernel.Run<Q4_0>,
        TensorType.Q4_1 => MatVecColumnsKernel.Run<Q4_1>,
        TensorType.Q5_0 => MatVecColumnsKernel.Run<Q5_0>,
        TensorType.Q5_1 => MatVecColumnsKernel.Run<Q5_1>,
        TensorType.Q4_K => MatVecColumnsKernel.Run<Q4_K>,
        TensorType.Q5_K => MatVecColumnsKernel.Run<Q5_K>,
        TensorType.Q6_K => MatVecColumnsKernel.Run<Q6_K>,
        _ => throw NoKernel(type),
    };

    public static Action<MatVecKernel.Arguments> MatMul(TensorType type) => type switch
    {
        TensorType.Q8_0 => MatMulKernel.Run<Q8_0>,
        TensorType.Q4_0 => MatMulKernel.Run<Q4_0>,
        TensorType.Q4_1 => MatMulKernel.Run<Q4_1>,
        TensorType.Q5_0 => MatMulKernel.Run<Q5_0>,
        TensorType.Q5_1 => MatMulKernel.Run<Q5_1>,
        TensorType.Q4_K => MatMulKernel.Run<Q4_K>,
        TensorType.Q5_K => MatMulKernel.Run<Q5_K>,
        TensorType.Q6_K => MatMulKernel.Run<Q6_K>,
        _ => throw NoKernel(type),
    };

    public static Action<GetRowsKernel.Arguments> GetRows(TensorType type) => type switch
    {
        TensorType.Q8_0 => GetRowsKernel.Run<Q8_0>,
        TensorType.Q4_0 => GetRowsKernel.Run<Q4_0>,
        TensorType.Q4_1 => GetRowsKernel.Run<Q4_1>,
        TensorType.Q5_0 => GetRowsKernel.Run<Q5_0>,
        TensorType.Q5_1 => GetRowsKernel.Run<Q5_1>,
        TensorType.Q4_K => GetRowsKernel.Run<Q4_K>,
        TensorType.Q5_K => GetRowsKernel.Run<Q5_K>,
        TensorType.Q6_K => GetRowsKernel.Run<Q6_K>,
        _ => throw NoKernel(type),
    };

    public static Action<MatMulExpertsKernel.Arguments> MatMulExperts(TensorType type) => type switch
    {
        TensorType.Q8_0 => MatMulExpertsKernel.Run<Q8_0>,
        TensorType.Q4_0 => MatMulExpertsKernel.Run<Q4_0>,
        TensorType.Q4_1 => MatMulExpertsKernel.Run<Q4_1>,
        TensorType.Q5_0 => MatMulExpertsKernel.Run<Q5_0>,
        TensorType.Q5_1 => MatMulExpertsKernel.Run<Q5_1>,
        TensorType.Q4_K => MatMulExpertsKernel.Run<Q4_K>,
        TensorType.Q5_K => MatMulExpertsKernel.Run<Q5_K>,
        TensorType.Q6_K => MatMulExpertsKernel.Run<Q6_K>,
        _ => throw NoKernel(type),
    };

    public static Action<MatVecElementsKernel.Arguments> MatVecElements(TensorType type) => type switch
    {
        TensorType.F32 => MatVecElementsKernel.Run<F32>,
        TensorType.F16 => MatVecElementsKernel.Run<F16>,
        TensorType.BF16 => MatVecElementsKernel.Run<BF16>,
        _ => throw NoKernel(type),
    };

    public static Action<MatVecElementsKernel.Arguments> MatMulElements(TensorType type) => type switch
    {
        TensorType.F32 => MatMulElementsKernel.Run<F32>,
        TensorType.F16 => MatMulElementsKernel.Run<F16>,
        TensorType.BF16 => MatMulElementsKernel.Run<BF16>,
        _ => throw NoKernel(type),
    };

    public static Action<GetRowsElementsKernel.Arguments> GetRowsElements(TensorType type) => type switch
    {
        TensorType.F32 => GetRowsElementsKernel.Run<F32>,
        TensorType.F16 => GetRowsElementsKernel.Run<F16>,
        TensorType.BF16 => GetRowsElementsKernel.Run<BF16>,
        _ => throw NoKernel(type),
    };

    public static Action<MatMulExpertsElementsKernel.Arguments> MatMulExpertsElements(TensorType type) => type switch
    {
        TensorType.F32 => MatMulExpertsElementsKernel.Run<F32>,
        TensorType.F16 => MatMulExpertsElementsKernel.Run<F16>,
        TensorType.BF16 => MatMulExpertsElementsKernel.Run<BF16>,
        _ => throw NoKernel(type),
    };

    private static NotSupportedException NoKernel(TensorType type) => new($"No kernel reads {type}.");
}
