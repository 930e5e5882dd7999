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
        // Below this level ILGPU does not know that views lie in global memory, and loads through generic addresses.
        return builder.Optimize(OptimizationLevel.O2);
    }
}
