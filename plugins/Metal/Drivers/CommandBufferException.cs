using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Drivers;

/// <summary>A command buffer ended with an error.</summary>
internal sealed class CommandBufferException(MetalError? error) : Exception(error is { } said ? $"Metal says: {said}" : "Metal gives no reason")
{
    /// <summary>Which one.</summary>
    public MTLCommandBufferError Code => error is { } said ? (MTLCommandBufferError)said.Code : MTLCommandBufferError.Internal;
}
