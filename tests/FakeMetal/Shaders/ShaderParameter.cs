namespace Hotplug.Metal.Fake.Shaders;

/// <summary>A parameter of a kernel that is bound by index.</summary>
public readonly record struct ShaderParameter
{
    /// <summary>Its name in the source.</summary>
    public required string Name { get; init; }

    /// <summary>N of <c>[[buffer(N)]]</c> or <c>[[threadgroup(N)]]</c>; the two count separately.</summary>
    public required int Index { get; init; }

    /// <summary>Where it lies.</summary>
    public required ShaderAddressSpace Space { get; init; }

    /// <summary>Whether the kernel can write through it: a <c>device</c> pointer or reference that is not to <c>const</c>, or threadgroup memory.</summary>
    public required bool Writable { get; init; }

    /// <summary>Alignment in bytes of the element type; 1 when it is not known.</summary>
    public required int Alignment { get; init; }

    /// <summary>Bytes that the kernel needs at least: the size of the type of a reference or of one element; 0 when it is not known.</summary>
    public required int MinLength { get; init; }
}
