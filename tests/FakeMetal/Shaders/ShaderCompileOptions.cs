namespace Hotplug.Metal.Fake.Shaders;

/// <summary>Options of a compilation, as Metal received them.</summary>
public readonly record struct ShaderCompileOptions
{
    /// <summary>The language version, major in the upper 16 bits (0x30000 is 3.0); zero when the default was not changed.</summary>
    public ulong LanguageVersion { get; init; }

    /// <summary>Whether floating-point results may differ from IEEE 754 (Metal's default).</summary>
    public bool FastMath { get; init; }
}
