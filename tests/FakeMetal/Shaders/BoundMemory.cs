namespace Hotplug.Metal.Fake.Shaders;

/// <summary>Memory bound at a buffer index.</summary>
/// <param name="Index">N of <c>[[buffer(N)]]</c>.</param>
/// <param name="Pointer">The first byte that the kernel sees: the offset of the binding is in it.</param>
/// <param name="Length">Bytes from <paramref name="Pointer"/> to the end of the buffer; nothing outside may be touched.</param>
/// <param name="ReadOnly">Writing would fault: bytes set inline, or host memory mapped read-only.</param>
public readonly record struct BoundMemory(int Index, nint Pointer, nuint Length, bool ReadOnly);
