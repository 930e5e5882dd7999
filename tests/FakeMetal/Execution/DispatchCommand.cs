using System.Runtime.InteropServices;
using Hotplug.Metal.Fake.Memory;
using Hotplug.Metal.Fake.Objects;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.Metal.Fake.Execution;

/// <summary>Runs a kernel.</summary>
internal sealed unsafe class DispatchCommand(
    FakePipeline pipeline, Binding[] buffers, ulong[] threadgroup, ShaderSize threadgroups, ShaderSize threads) : Command
{
    private const int InlineAlignment = 16;

    public IShaderFunction Shader => pipeline.Shader;

    public FakePipeline Pipeline => pipeline;

    public override IEnumerable<(FakeBuffer Buffer, bool Writes)> Buffers
    {
        get
        {
            foreach (var parameter in Shader.Parameters)
            {
                if (parameter.Space != ShaderAddressSpace.Threadgroup && buffers[parameter.Index].Buffer is { } buffer) yield return (buffer, parameter.Writable);
            }
        }
    }

    /// <summary>Whether a buffer is bound, used by the kernel or not.</summary>
    public bool Binds(FakeBuffer buffer) => buffers.Any(b => b.Buffer == buffer);

    /// <summary>What does not fit the parameters of the kernel; null when everything does.</summary>
    public FakeViolation? Misfit(FakeOptions options)
    {
        var shared = (ulong)Shader.StaticThreadgroupMemory;
        foreach (var length in threadgroup) shared += length;
        if (shared > options.MaxThreadgroupMemory)
            return new(ViolationKind.Limit, $"{Shader.Name}: {shared} bytes of threadgroup memory, where {options.MaxThreadgroupMemory} are allowed.");

        foreach (var parameter in Shader.Parameters)
        {
            var place = $"{Shader.Name}: {parameter.Space} parameter '{parameter.Name}' at index {parameter.Index}";
            if (parameter.Space == ShaderAddressSpace.Threadgroup)
            {
                if (threadgroup[parameter.Index] < (ulong)Math.Max(parameter.MinLength, 1))
                    return new(ViolationKind.Binding, $"{place} has {threadgroup[parameter.Index]} bytes and needs {parameter.MinLength} or more.");
                continue;
            }
            var bound = buffers[parameter.Index];
            if (bound.IsEmpty) return new(ViolationKind.Binding, $"{place} has nothing bound to it.");
            if (bound.Length < (ulong)parameter.MinLength) return new(ViolationKind.Binding, $"{place} has {bound.Length} bytes and needs {parameter.MinLength} or more.");
            if (bound.Bytes is not null)
            {
                if (parameter.Writable) return new(ViolationKind.ReadOnly, $"{place} can be written through and has inline bytes.");
                continue;
            }
            var alignment = (ulong)Math.Max(parameter.Alignment, 1);
            if (parameter.Space == ShaderAddressSpace.Constant)
                alignment = Math.Max(alignment, options.ConstantAlignment != 0 ? options.ConstantAlignment : options.Unified ? 4u : 256u);
            if (bound.Offset % alignment != 0) return new(ViolationKind.Alignment, $"{place} is bound at {bound.Offset}, which is no multiple of {alignment}.");
        }
        return null;
    }

    public override void Execute(int seed, HostMap? map, AccessLog? log)
    {
        nuint inline = 0;
        foreach (var binding in buffers) inline += Room(binding.Bytes?.Length ?? 0);
        var copies = (byte*)NativeMemory.AlignedAlloc(Math.Max(inline, InlineAlignment), InlineAlignment);
        try
        {
            var bound = new List<BoundMemory>();
            var next = copies;
            for (var i = 0; i < buffers.Length; i++)
            {
                var binding = buffers[i];
                if (binding.Buffer is { } buffer)
                {
                    var readOnly = buffer.IsWrapped && map?.Of(buffer.Start, buffer.Covered) == HostAccess.Read;
                    bound.Add(new(i, buffer.Start + (nint)binding.Offset, (nuint)binding.Length, readOnly));
                }
                else if (binding.Bytes is { } bytes)
                {
                    bytes.CopyTo(new Span<byte>(next, bytes.Length));
                    bound.Add(new(i, (nint)next, (nuint)bytes.Length, true));
                    next += Room(bytes.Length);
                }
            }
            var shared = new List<ThreadgroupMemory>();
            for (var i = 0; i < threadgroup.Length; i++)
            {
                if (threadgroup[i] != 0) shared.Add(new(i, (nuint)threadgroup[i]));
            }
            var traced = log is not null && Shader.Traces ? log : null;
            Shader.Run(new()
            {
                Threadgroups = threadgroups,
                ThreadsPerThreadgroup = threads,
                Buffers = CollectionsMarshal.AsSpan(bound),
                Threadgroup = CollectionsMarshal.AsSpan(shared),
                Seed = seed,
                Trace = traced,
            });
            traced?.CheckInside(Shader, CollectionsMarshal.AsSpan(bound));
        }
        finally
        {
            NativeMemory.AlignedFree(copies);
        }
    }

    private static nuint Room(int bytes) => (nuint)((bytes + InlineAlignment - 1) / InlineAlignment * InlineAlignment);
}
