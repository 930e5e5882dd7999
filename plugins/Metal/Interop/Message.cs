using static Hotplug.Metal.Interop.Receivers;

namespace Hotplug.Metal.Interop;

/// <summary>Every message this plugin sends. Values are indices and mean nothing to the runtime.</summary>
internal enum Message
{
    [Message(NSObject, "retain", "@@:")] Retain,
    [Message(NSObject, "release", "Vv@:")] Release,
    [Message(NSObject, "respondsToSelector:", "B@::")] RespondsToSelector,

    [Message(NSString, "stringWithUTF8String:", "@@:r*", ToClass = true)] StringWithUtf8,
    [Message(NSString, "UTF8String", "*@:")] StringUtf8,
    [Message(NSError, "code", "q@:")] ErrorCode,
    [Message(NSError, "localizedDescription", "@@:")] ErrorDescription,
    [Message(NSArray, "count", "Q@:")] ArrayCount,
    [Message(NSArray, "objectAtIndex:", "@@:Q")] ArrayObject,

    [Message(MTLDevice, "name", "@@:")] DeviceName,
    [Message(MTLDevice, "registryID", "Q@:")] DeviceRegistryId,
    [Message(MTLDevice, "hasUnifiedMemory", "B@:")] DeviceHasUnifiedMemory,
    [Message(MTLDevice, "isLowPower", "B@:")] DeviceIsLowPower,
    [Message(MTLDevice, "isHeadless", "B@:")] DeviceIsHeadless,
    [Message(MTLDevice, "recommendedMaxWorkingSetSize", "Q@:")] DeviceRecommendedMaxWorkingSetSize,
    [Message(MTLDevice, "currentAllocatedSize", "Q@:")] DeviceCurrentAllocatedSize,
    [Message(MTLDevice, "maxBufferLength", "Q@:")] DeviceMaxBufferLength,
    [Message(MTLDevice, "maxThreadgroupMemoryLength", "Q@:")] DeviceMaxThreadgroupMemoryLength,
    [Message(MTLDevice, "supportsFamily:", "B@:q")] DeviceSupportsFamily,
    [Message(MTLDevice, "newCommandQueue", "@@:")] DeviceNewCommandQueue,
    [Message(MTLDevice, "newBufferWithLength:options:", "@@:QQ")] DeviceNewBuffer,
    [Message(MTLDevice, "newBufferWithBytesNoCopy:length:options:deallocator:", "@@:^vQQ@?")] DeviceNewBufferNoCopy,
    [Message(MTLDevice, "newLibraryWithSource:options:error:", "@@:@@^@")] DeviceNewLibrary,
    [Message(MTLDevice, "newComputePipelineStateWithFunction:error:", "@@:@^@")] DeviceNewPipeline,
    [Message(MTLDevice, "newSharedEvent", "@@:")] DeviceNewSharedEvent,
    [Message(MTLDevice, "newResidencySetWithDescriptor:error:", "@@:@^@", Optional = true)] DeviceNewResidencySet,

    [Message(MTLCompileOptions, "new", "@@:", ToClass = true)] CompileOptionsNew,
    [Message(MTLCompileOptions, "setLanguageVersion:", "v@:Q")] CompileOptionsSetLanguageVersion,
    [Message(MTLCompileOptions, "setMathMode:", "v@:q", Optional = true)] CompileOptionsSetMathMode,
    [Message(MTLCompileOptions, "setFastMathEnabled:", "v@:B")] CompileOptionsSetFastMathEnabled,
    [Message(MTLLibrary, "newFunctionWithName:", "@@:@")] LibraryNewFunction,

    [Message(MTLComputePipelineState, "maxTotalThreadsPerThreadgroup", "Q@:")] PipelineMaxTotalThreadsPerThreadgroup,
    [Message(MTLComputePipelineState, "threadExecutionWidth", "Q@:")] PipelineThreadExecutionWidth,
    [Message(MTLComputePipelineState, "staticThreadgroupMemoryLength", "Q@:")] PipelineStaticThreadgroupMemoryLength,

    [Message(MTLCommandQueue, "commandBuffer", "@@:")] QueueCommandBuffer,
    [Message(MTLCommandQueue, "commandBufferWithUnretainedReferences", "@@:")] QueueCommandBufferUnretained,
    [Message(MTLCommandQueue, "addResidencySet:", "v@:@", Optional = true)] QueueAddResidencySet,
    [Message(MTLCommandQueue, "removeResidencySet:", "v@:@", Optional = true)] QueueRemoveResidencySet,

    [Message(MTLCommandBuffer, "computeCommandEncoderWithDispatchType:", "@@:Q")] CommandBufferComputeEncoder,
    [Message(MTLCommandBuffer, "blitCommandEncoder", "@@:")] CommandBufferBlitEncoder,
    [Message(MTLCommandBuffer, "encodeSignalEvent:value:", "v@:@Q")] CommandBufferEncodeSignalEvent,
    [Message(MTLCommandBuffer, "enqueue", "v@:")] CommandBufferEnqueue,
    [Message(MTLCommandBuffer, "commit", "v@:")] CommandBufferCommit,
    [Message(MTLCommandBuffer, "waitUntilCompleted", "v@:")] CommandBufferWaitUntilCompleted,
    [Message(MTLCommandBuffer, "status", "Q@:")] CommandBufferStatus,
    [Message(MTLCommandBuffer, "error", "@@:")] CommandBufferError,
    [Message(MTLCommandBuffer, "GPUStartTime", "d@:")] CommandBufferGpuStartTime,
    [Message(MTLCommandBuffer, "GPUEndTime", "d@:")] CommandBufferGpuEndTime,

    [Message(MTLCommandEncoder, "endEncoding", "v@:")] EncoderEndEncoding,
    [Message(MTLComputeCommandEncoder, "setComputePipelineState:", "v@:@")] ComputeSetPipeline,
    [Message(MTLComputeCommandEncoder, "setBuffer:offset:atIndex:", "v@:@QQ")] ComputeSetBuffer,
    [Message(MTLComputeCommandEncoder, "setBufferOffset:atIndex:", "v@:QQ")] ComputeSetBufferOffset,
    [Message(MTLComputeCommandEncoder, "setBytes:length:atIndex:", "v@:r^vQQ")] ComputeSetBytes,
    [Message(MTLComputeCommandEncoder, "setThreadgroupMemoryLength:atIndex:", "v@:QQ")] ComputeSetThreadgroupMemoryLength,
    [Message(MTLComputeCommandEncoder, "dispatchThreadgroups:threadsPerThreadgroup:", "v@:{?=QQQ}{?=QQQ}")] ComputeDispatchThreadgroups,
    [Message(MTLComputeCommandEncoder, "memoryBarrierWithScope:", "v@:Q")] ComputeMemoryBarrierWithScope,
    [Message(MTLComputeCommandEncoder, "memoryBarrierWithResources:count:", "v@:r^@Q")] ComputeMemoryBarrierWithResources,
    [Message(MTLBlitCommandEncoder, "copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:", "v@:@Q@QQ")] BlitCopyBuffer,
    [Message(MTLBlitCommandEncoder, "fillBuffer:range:value:", "v@:@{_NSRange=QQ}C")] BlitFillBuffer,

    [Message(MTLBuffer, "contents", "^v@:")] BufferContents,
    [Message(MTLBuffer, "length", "Q@:")] BufferLength,
    [Message(MTLBuffer, "gpuAddress", "Q@:", Optional = true)] BufferGpuAddress,
    [Message(MTLResource, "setLabel:", "v@:@")] ResourceSetLabel,

    [Message(MTLSharedEvent, "signaledValue", "Q@:")] SharedEventSignaledValue,
    [Message(MTLSharedEvent, "waitUntilSignaledValue:timeoutMS:", "B@:QQ", Optional = true)] SharedEventWaitUntilSignaledValue,

    [Message(MTLResidencySetDescriptor, "new", "@@:", ToClass = true, Optional = true)] ResidencySetDescriptorNew,
    [Message(MTLResidencySetDescriptor, "setInitialCapacity:", "v@:Q", Optional = true)] ResidencySetDescriptorSetInitialCapacity,
    [Message(MTLResidencySet, "addAllocation:", "v@:@", Optional = true)] ResidencySetAddAllocation,
    [Message(MTLResidencySet, "removeAllocation:", "v@:@", Optional = true)] ResidencySetRemoveAllocation,
    [Message(MTLResidencySet, "removeAllAllocations", "v@:", Optional = true)] ResidencySetRemoveAllAllocations,
    [Message(MTLResidencySet, "commit", "v@:", Optional = true)] ResidencySetCommit,
    [Message(MTLResidencySet, "requestResidency", "v@:", Optional = true)] ResidencySetRequestResidency,
    [Message(MTLResidencySet, "endResidency", "v@:", Optional = true)] ResidencySetEndResidency,
}
