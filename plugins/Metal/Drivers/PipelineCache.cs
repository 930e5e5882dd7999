using Hotplug.Abstractions.Faults;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.Metal.Kernels;

namespace Hotplug.Metal.Drivers;

/// <summary>The kernels of a device, each compiled when it is first needed and kept until this is disposed. Lives on the device's thread.</summary>
internal sealed class PipelineCache(MetalDevice device) : IDisposable
{
    /// <summary>The version of the language that the kernels are written in.</summary>
    public const MTLLanguageVersion Language = MTLLanguageVersion.Version2_4;

    // What the kernels are written for.
    private const ulong SimdWidth = 32;

    private readonly Dictionary<string, MetalLibrary> _libraries = [];
    private readonly Dictionary<string, MetalPipeline> _pipelines = [];

    /// <summary>A kernel.</summary>
    /// <param name="file">Its file, as <see cref="KernelSource"/> knows it.</param>
    /// <param name="name">Its name, unique among all files.</param>
    /// <exception cref="MetalException">It does not compile.</exception>
    /// <exception cref="UnsupportedException">It does not run here as it was written.</exception>
    public MetalPipeline Get(string file, string name)
    {
        if (_pipelines.TryGetValue(name, out var known)) return known;
        // Infinities and what is not a number are part of the results.
        if (!_libraries.TryGetValue(file, out var library))
            _libraries.Add(file, library = device.Compile(KernelSource.Read(file), Language, MTLMathMode.Safe));
        using var function = library.Find(name) ?? throw new InvalidOperationException($"{file} has no kernel '{name}'.");
        var pipeline = device.NewPipeline(function);
        if (WhyNot(pipeline) is { } reason)
        {
            pipeline.Dispose();
            throw new UnsupportedException($"Kernel {name} cannot be used: {reason}.");
        }
        _pipelines.Add(name, pipeline);
        return pipeline;
    }

    /// <summary>Why kernels made for a device like that of this pipeline cannot be used, or null.</summary>
    public static string? WhyNot(MetalPipeline pipeline)
        => pipeline.ThreadExecutionWidth is var width && width != SimdWidth ? $"its simdgroups have {width} threads, and the kernels are written for {SimdWidth}"
            : pipeline.MaxTotalThreadsPerThreadgroup < SimdWidth ? $"a threadgroup has at most {pipeline.MaxTotalThreadsPerThreadgroup} threads" : null;

    public void Dispose()
    {
        foreach (var pipeline in _pipelines.Values) pipeline.Dispose();
        foreach (var library in _libraries.Values) library.Dispose();
        _pipelines.Clear();
        _libraries.Clear();
    }
}
