using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.MetalTests.Fakes;

/// <summary>A kernel written in C#, run once per dispatch.</summary>
internal sealed class ScriptedFunction(string name, ShaderParameter[] parameters, ScriptedFunction.Body body) : IShaderFunction
{
    /// <summary>What it does.</summary>
    public delegate void Body(in ShaderDispatch dispatch);

    public string Name => name;
    public IReadOnlyList<ShaderParameter> Parameters => parameters;
    public nuint StaticThreadgroupMemory { get; init; }
    public int MaxThreadsPerThreadgroup { get; init; } = 1024;
    public int SimdWidth => 32;
    public bool Traces { get; init; } = true;

    public void Run(in ShaderDispatch dispatch) => body(dispatch);

    /// <summary>A <c>device float *</c>.</summary>
    public static ShaderParameter Device(int index, bool writable = true) =>
        new() { Name = $"b{index}", Index = index, Space = ShaderAddressSpace.Device, Writable = writable, Alignment = 4, MinLength = 4 };

    /// <summary>A <c>constant float &amp;</c>.</summary>
    public static ShaderParameter Constant(int index) =>
        new() { Name = $"c{index}", Index = index, Space = ShaderAddressSpace.Constant, Writable = false, Alignment = 4, MinLength = 4 };

    /// <summary>A <c>threadgroup float *</c>.</summary>
    public static ShaderParameter Threadgroup(int index) =>
        new() { Name = $"t{index}", Index = index, Space = ShaderAddressSpace.Threadgroup, Writable = true, Alignment = 4, MinLength = 4 };

    /// <summary><c>out[i] = in[i] + value</c> for every float of the shorter; parameters in, out, value.</summary>
    public static ScriptedFunction AddConstant(string name = "add") => new(name, [Device(0, writable: false), Device(1), Constant(2)], static (in ShaderDispatch d) =>
    {
        var count = (int)Math.Min(d.Buffers[0].Length, d.Buffers[1].Length) / sizeof(float);
        unsafe
        {
            var source = (float*)d.Buffers[0].Pointer;
            var target = (float*)d.Buffers[1].Pointer;
            for (var i = 0; i < count; i++) target[i] = source[i] + *(float*)d.Buffers[2].Pointer;
        }
        d.Trace?.Read(d.Buffers[0].Pointer, (nuint)count * sizeof(float));
        d.Trace?.Read(d.Buffers[2].Pointer, sizeof(float));
        d.Trace?.Write(d.Buffers[1].Pointer, (nuint)count * sizeof(float));
    });
}
