using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels;

/// <summary>Sums by coarse and by fine codes as one float in fine steps, rounded in one way whatever the width. Without coarse codes the first does not matter.</summary>
internal static class FineSteps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Single<TBits>(Vector128<int> coarse, Vector128<int> fine) where TBits : struct, IActivationBits
        => TBits.HaveCoarse ? Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(coarse), Vector128.Create((float)Activations.Steps), Vector128.ConvertToSingle(fine)) : Vector128.ConvertToSingle(fine);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Single<TBits>(Vector256<int> coarse, Vector256<int> fine) where TBits : struct, IActivationBits
        => TBits.HaveCoarse ? Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(coarse), Vector256.Create((float)Activations.Steps), Avx.ConvertToVector256Single(fine)) : Avx.ConvertToVector256Single(fine);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Single<TBits>(Vector512<int> coarse, Vector512<int> fine) where TBits : struct, IActivationBits
        => TBits.HaveCoarse ? Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(coarse), Vector512.Create((float)Activations.Steps), Avx512F.ConvertToVector512Single(fine)) : Avx512F.ConvertToVector512Single(fine);
}
