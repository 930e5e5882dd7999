using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Abstractions.Execution;

/// <summary>How a device will run a slice, and what memory that takes. Backends derive from it to keep their program. Immutable; holds no device memory.</summary>
public class SlicePlan
{
    /// <summary>Creates a plan.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="bufferType">The type in which workspace, inputs and outputs lie.</param>
    /// <param name="workspaceBlocks">Bytes of each workspace block, none above the type's largest allocation; may be empty.</param>
    public SlicePlan(GraphSlice slice, IBufferType bufferType, IReadOnlyList<nuint> workspaceBlocks)
        => (Slice, BufferType, WorkspaceBlocks) = (slice, bufferType, workspaceBlocks);

    /// <summary>The slice.</summary>
    public GraphSlice Slice { get; }

    /// <summary>The type of the buffers in which the host allocates the workspace and the slice's inputs and outputs.</summary>
    public IBufferType BufferType { get; }

    /// <summary>Bytes of each block of the workspace.</summary>
    public IReadOnlyList<nuint> WorkspaceBlocks { get; }
}
