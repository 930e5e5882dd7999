using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>A kernel of a library, which it holds.</summary>
internal sealed class FakeFunction : FakeObject
{
    private readonly FakeLibrary _library;

    public FakeFunction(FakeRuntime runtime, FakeLibrary library, IShaderFunction shader) : base(runtime, "MTLFunction")
    {
        _library = library;
        Shader = shader;
        library.Hold();
    }

    public IShaderFunction Shader { get; }

    public override string ToString() => $"function {Shader.Name}";

    protected override void Gone() => _library.Unhold();
}
