namespace Hotplug.Metal.Fake.Shaders;

/// <summary>Address spaces that a kernel's parameter can point into.</summary>
public enum ShaderAddressSpace
{
    /// <summary>Buffers for reading and writing; bound by <c>[[buffer(N)]]</c>.</summary>
    Device,

    /// <summary>Buffers for reading alone; bound by <c>[[buffer(N)]]</c>.</summary>
    Constant,

    /// <summary>Memory that the threads of a threadgroup share; bound by <c>[[threadgroup(N)]]</c>.</summary>
    Threadgroup,
}
