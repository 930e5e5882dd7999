namespace Hotplug.Metal.Fake.Shaders;

/// <summary>Compiles Metal Shading Language for <see cref="FakeMetal"/>: what stands behind <c>newLibraryWithSource:options:error:</c>.</summary>
/// <remarks>
/// Called from any thread, one call at a time per <see cref="FakeMetal"/>; a compiler that is shared by several must allow concurrent calls.
/// </remarks>
public interface IShaderCompiler
{
    /// <summary>Compiles one source text.</summary>
    /// <param name="source">The text, exactly as it was given to Metal.</param>
    /// <param name="options">What the compile options said.</param>
    /// <returns>The library; the caller disposes it when its last function is gone.</returns>
    /// <exception cref="ShaderCompileException">The source does not compile. The message is the diagnostics and becomes the text of the NSError.</exception>
    IShaderLibrary Compile(string source, in ShaderCompileOptions options);
}
