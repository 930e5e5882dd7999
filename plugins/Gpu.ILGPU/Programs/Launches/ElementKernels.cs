using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels.Products;
using Hotplug.Gpu.Kernels.Products.Formats;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>The kernels over plain weights of one type.</summary>
internal sealed record ElementKernels(Action<MatVecElementsKernel.Arguments> MatVec, Action<MatVecElementsKernel.Arguments> MatMul,
    Action<MatMulExpertsElementsKernel.Arguments> Experts, Action<GetRowsElementsKernel.Arguments> GetRows)
{
    /// <summary>The kernels of a type, or null.</summary>
    public static ElementKernels? For(TensorType type) => type switch
    {
        TensorType.F32 => Over<F32>(),
        TensorType.F16 => Over<F16>(),
        TensorType.BF16 => Over<BF16>(),
        _ => null,
    };

    private static ElementKernels Over<T>() where T : unmanaged, IElementFormat
        => new(MatVecElementsKernel.Run<T>, MatMulElementsKernel.Run<T>, MatMulExpertsElementsKernel.Run<T>, GetRowsElementsKernel.Run<T>);
}
