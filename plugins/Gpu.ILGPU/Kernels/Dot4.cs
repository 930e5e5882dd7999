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
        return Plain(a, b, sum);
    }

    /// <summary>The same over the sixteen bytes of four words. What assembly gives comes back through memory of the lane, so it is asked once for four words.</summary>
    public static int Add(IntQuad a, IntQuad b, int sum)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit(
                "dp4a.s32.s32 %0, %1, %5, %9; dp4a.s32.s32 %0, %2, %6, %0; dp4a.s32.s32 %0, %3, %7, %0; dp4a.s32.s32 %0, %4, %8, %0;",
                out int result, a.A, a.B, a.C, a.D, b.A, b.B, b.C, b.D, sum);
            return result;
        }
        return Plain(a.D, b.D, Plain(a.C, b.C, Plain(a.B, b.B, Plain(a.A, b.A, sum))));
    }

    private static int Plain(int a, int b, int sum)
        => sum + (sbyte)a * (sbyte)b + (sbyte)(a >> 8) * (sbyte)(b >> 8) + (sbyte)(a >> 16) * (sbyte)(b >> 16) + (a >> 24) * (b >> 24);
}
