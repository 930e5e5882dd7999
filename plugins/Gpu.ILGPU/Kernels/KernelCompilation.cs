using ILGPU;
using ILGPU.IR;

namespace Hotplug.Gpu.Kernels;

/// <summary>How the kernels are compiled: every context that compiles some is set up by it, in the product and in tests.</summary>
internal static class KernelCompilation
{
    /// <summary>Sets up a context that is being made.</summary>
    public static Context.Builder Configure(Context.Builder builder)
    {
        Dot4.Register(builder.GetIntrinsicManager());
        // Level 2 alone loads through global instead of generic addresses, but ILGPU 1.5.3 calls it experimental, and it is: the routing of experts comes out wrong.
        return builder.Optimize(OptimizationLevel.O1);
    }
}
