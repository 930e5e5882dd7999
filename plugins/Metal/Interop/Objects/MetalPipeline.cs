namespace Hotplug.Metal.Interop.Objects;

/// <summary>A kernel ready to run on one device. Safe for any thread.</summary>
internal sealed unsafe class MetalPipeline(ObjectiveC runtime, nint owned) : ObjectiveCObject(runtime, owned)
{
    /// <summary>Most threads of a threadgroup; depends on the registers the kernel needs.</summary>
    public ulong MaxTotalThreadsPerThreadgroup => Runtime.Send.UInt64(Handle, Runtime[Message.PipelineMaxTotalThreadsPerThreadgroup]);

    /// <summary>Threads of a simdgroup.</summary>
    public ulong ThreadExecutionWidth => Runtime.Send.UInt64(Handle, Runtime[Message.PipelineThreadExecutionWidth]);

    /// <summary>Bytes of threadgroup memory that the kernel declares itself.</summary>
    public ulong StaticThreadgroupMemoryLength => Runtime.Send.UInt64(Handle, Runtime[Message.PipelineStaticThreadgroupMemoryLength]);
}
