using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Checking;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.Metal.Kernels;

namespace Hotplug.Metal.Drivers;

/// <summary>Whether a device can be used: asked once, at start, so that a difference is a sentence in a list and not a crash.</summary>
internal static class DeviceCheck
{
    /// <summary>Why not, with the cure where there is one, or null. Leaves nothing behind.</summary>
    public static string? WhyNot(ObjectiveC runtime, MetalDevice device)
    {
        if (!device.Supports(MTLGPUFamily.Apple7) && !device.Supports(MTLGPUFamily.Mac2))
            return "it is of neither family Apple 7 nor Mac 2 and has no reductions over a simdgroup, which the kernels need";
        try
        {
            var report = BindingCheck.Run(runtime, device);
            if (!report.IsUsable) return $"Metal is not called as this plugin was built for: {report.Summary}; update the plugin or the system";
            using var library = device.Compile(KernelSource.Read("Elements/Scale.metal"), PipelineCache.Language, MTLMathMode.Safe);
            using var function = library.Find("scale");
            if (function is null) return "a library lacks the kernel it was compiled from";
            using var pipeline = device.NewPipeline(function);
            return PipelineCache.WhyNot(pipeline);
        }
        catch (MetalException exception)
        {
            return exception.Message;
        }
    }
}
