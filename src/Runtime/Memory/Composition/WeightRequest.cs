using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>One tensor to load: what it is, where its bytes are, and the buffer type it was placed in. A range of rows of a fused tensor is a request with another offset and row count.</summary>
public readonly record struct WeightRequest
{
    /// <summary>Name, type and shape.</summary>
    public required TensorSpec Spec { get; init; }

    /// <summary>Index of the file that holds it.</summary>
    public int File { get; init; }

    /// <summary>First byte in the file.</summary>
    public required long FileOffset { get; init; }

    /// <summary>Where it goes.</summary>
    public required IBufferType BufferType { get; init; }

    /// <summary>Name of the device of <see cref="BufferType"/>, for parts, messages and the receipt.</summary>
    public string Device { get => field ?? ""; init; }

    /// <summary>Place in the order of use within a step; what is used first is locked first when not everything can be.</summary>
    public int UseOrder { get; init; }
}
