using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Hotplug.Gpu.Kernels;

/// <summary>Products of bytes, summed exactly in integers: the same bits on every device.</summary>
internal static class Dot4
{
    /// <summary>Σ aᵢ·bᵢ + <paramref name="sum"/> over the four signed bytes of each word: <c>dp4a</c> on CUDA (compute capability 6.1 and up), plain products elsewhere.</summary>
    public static int Add(int a, int b, int sum)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("dp4a.s32.s32 %0, %1, %2, %3;", out int result, a, b, sum);
            return result;
        }
        return sum + (sbyte)a * (sbyte)b + (sbyte)(a >> 8) * (sbyte)(b >> 8) + (sbyte)(a >> 16) * (sbyte)(b >> 16) + (a >> 24) * (b >> 24);
    }
}
