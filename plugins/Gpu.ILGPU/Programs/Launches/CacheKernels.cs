using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.Gpu.Kernels.Positions;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>The kernels over a KV cache of two types of elements. <see cref="Shift"/> goes by that of the keys.</summary>
internal sealed record CacheKernels(Action<KvAppendKernel.Arguments> Append, Action<AttentionKernel.Arguments> Attend, Action<KvShiftKernel.Arguments> Shift)
{
    /// <summary>Types that a cache may have.</summary>
    public static IReadOnlyList<TensorType> Types { get; } = [TensorType.F32, TensorType.F16, TensorType.BF16];

    /// <summary>The kernels of a cache, whose types are among <see cref="Types"/>.</summary>
    public static CacheKernels For(TensorType keys, TensorType values) => keys switch
    {
        TensorType.F32 => Values<KvF32>(values),
        TensorType.F16 => Values<KvF16>(values),
        _ => Values<KvBF16>(values),
    };

    private static CacheKernels Values<TKey>(TensorType values) where TKey : unmanaged, IKvFormat => values switch
    {
        TensorType.F32 => Over<TKey, KvF32>(),
        TensorType.F16 => Over<TKey, KvF16>(),
        _ => Over<TKey, KvBF16>(),
    };

    private static CacheKernels Over<TKey, TValue>() where TKey : unmanaged, IKvFormat where TValue : unmanaged, IKvFormat
        => new(KvAppendKernel.Run<TKey, TValue>, AttentionKernel.Run<TKey, TValue>, KvShiftKernel.Run<TKey>);
}
