namespace Hotplug.Metal.Fake.Shaders;

/// <summary>A count in three dimensions.</summary>
/// <param name="X">Width.</param>
/// <param name="Y">Height.</param>
/// <param name="Z">Depth.</param>
public readonly record struct ShaderSize(ulong X, ulong Y, ulong Z);
