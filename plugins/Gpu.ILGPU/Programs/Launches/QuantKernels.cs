using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels.Products;
using Hotplug.Gpu.Kernels.Products.Formats;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>The kernels over packed weights of one type.</summary>
internal sealed record QuantKernels(Action<MatVecKernel.Arguments> MatVec, Action<MatVecKernel.Arguments> Columns, Action<MatVecKernel.Arguments> MatMul,
    Action<MatMulExpertsKernel.Arguments> Experts, Action<GetRowsKernel.Arguments> GetRows)
{
    /// <summary>The kernels of a type, or null.</summary>
    public static QuantKernels? For(TensorType type) => type switch
    {
        TensorType.Q4_0 => Over<Q4_0>(),
        TensorType.Q4_1 => Over<Q4_1>(),
        TensorType.Q5_0 => Over<Q5_0>(),
        TensorType.Q5_1 => Over<Q5_1>(),
        TensorType.Q8_0 => Over<Q8_0>(),
        TensorType.Q4_K => Over<Q4_K>(),
        TensorType.Q5_K => Over<Q5_K>(),
        TensorType.Q6_K => Over<Q6_K>(),
        _ => null,
    };

    private static QuantKernels Over<T>() where T : unmanaged, IQuantFormat
        => new(MatVecKernel.Run<T>, MatVecColumnsKernel.Run<T>, MatMulKernel.Run<T>, MatMulExpertsKernel.Run<T>, GetRowsKernel.Run<T>);
}
