namespace Hotplug.Abstractions.Memory;

/// <summary>Facts about a buffer type, each stated only here. A composite has the conjunction of its parts' traits.</summary>
public readonly record struct BufferTraits
{
    /// <summary>
    /// The bytes lie in host memory at the base address, and <see cref="IBuffer.TryGetPointer"/> gives it. For such a type the host
    /// commits or maps the memory and passes it as <see cref="BufferRequest.Backing"/>; the plugin never allocates it.
    /// </summary>
    public bool HostVisible { get; init; }

    /// <summary>Tensors lie in the buffer as in a GGUF file: dense, in the layout of their type.</summary>
    public bool StandardLayout { get; init; }

    /// <summary>
    /// The type takes over host memory that already holds tensors in the standard layout, read-only file mappings included.
    /// Implies <see cref="HostVisible"/> and <see cref="StandardLayout"/>.
    /// </summary>
    public bool Adopts { get; init; }

    /// <summary>Whether the bytes can leave physical memory.</summary>
    public Residency Residency { get; init; }
}
