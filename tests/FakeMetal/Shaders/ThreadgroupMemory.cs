namespace Hotplug.Metal.Fake.Shaders;

/// <summary>Threadgroup memory asked for at an index. Every threadgroup gets its own, undefined at the start.</summary>
/// <param name="Index">N of <c>[[threadgroup(N)]]</c>.</param>
/// <param name="Length">Bytes, a multiple of 16.</param>
public readonly record struct ThreadgroupMemory(int Index, nuint Length);
