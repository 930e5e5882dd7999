using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>A kernel ready to run; holds its function.</summary>
internal sealed class FakePipeline : FakeObject
{
    private readonly FakeFunction _function;

    public FakePipeline(FakeRuntime runtime, FakeFunction function) : base(runtime, "MTLComputePipelineState")
    {
        _function = function;
        function.Hold();
    }

    public IShaderFunction Shader => _function.Shader;

    public override ulong UInt64(string selector) => selector switch
    {
        "maxTotalThreadsPerThreadgroup" => (ulong)Shader.MaxThreadsPerThreadgroup,
        "threadExecutionWidth" => (ulong)Shader.SimdWidth,
        "staticThreadgroupMemoryLength" => Shader.StaticThreadgroupMemory,
        _ => base.UInt64(selector),
    };

    public override string ToString() => $"pipeline {Shader.Name}";

    protected override void Gone() => _function.Unhold();
}
