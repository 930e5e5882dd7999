using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.Runtime.Cuda;

namespace Hotplug.Gpu.Kernels;

/// <summary>Products of bytes, summed exactly in integers: the same bits on every device.</summary>
internal static class Dot4
{
    /// <summary>Σ aᵢ·bᵢ + <paramref name="sum"/> over the four signed bytes of each word: <c>dp4a</c> on CUDA (compute capability 6.1 and up), plain products elsewhere.</summary>
    [IntrinsicImplementation]
    public static int Add(int a, int b, int sum) => Plain(a, b, sum);

    /// <summary>The same over the sixteen bytes of four words.</summary>
    public static int Add(IntQuad a, IntQuad b, int sum) => Add(a.D, b.D, Add(a.C, b.C, Add(a.B, b.B, Add(a.A, b.A, sum))));

    /// <summary>
    /// Tells a context what <see cref="Add(int, int, int)"/> is on each kind of device; see <see cref="KernelCompilation"/>. Inline assembly needs no such telling, but
    /// ILGPU passes its result through memory of the lane.
    /// </summary>
    public static void Register(IntrinsicImplementationManager intrinsics)
    {
        var (add, plain, write) = (((Func<int, int, int, int>)Add).Method, ((Func<int, int, int, int>)Plain).Method, ((PTXIntrinsic.Handler)Write).Method);
        intrinsics.RegisterMethod(add, new PTXIntrinsic(write, IntrinsicImplementationMode.GenerateCode, CudaArchitecture.SM_61));
        intrinsics.RegisterMethod(add, new PTXIntrinsic(plain, IntrinsicImplementationMode.Redirect, null, CudaArchitecture.SM_61));
        intrinsics.RegisterMethod(add, new CLIntrinsic(plain, IntrinsicImplementationMode.Redirect));
    }

    private static int Plain(int a, int b, int sum)
        => sum + (sbyte)a * (sbyte)b + (sbyte)(a >> 8) * (sbyte)(b >> 8) + (sbyte)(a >> 16) * (sbyte)(b >> 16) + (a >> 24) * (b >> 24);

    private static void Write(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        var (a, b, sum) = (generator.LoadPrimitive(call[0]), generator.LoadPrimitive(call[1]), generator.LoadPrimitive(call[2]));
        var result = generator.AllocateHardware(call);
        using var command = generator.BeginCommand("dp4a.s32.s32");
        command.AppendArgument(result);
        command.AppendArgument(a);
        command.AppendArgument(b);
        command.AppendArgument(sum);
    }
}
