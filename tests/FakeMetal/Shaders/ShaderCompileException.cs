namespace Hotplug.Metal.Fake.Shaders;

/// <summary>A source text does not compile.</summary>
/// <param name="diagnostics">What the compiler said, with lines.</param>
public sealed class ShaderCompileException(string diagnostics) : Exception(diagnostics);
