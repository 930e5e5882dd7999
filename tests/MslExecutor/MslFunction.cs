using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.MslExecutor;

/// <summary>
/// A kernel. One call runs all threads: each is a fiber, a threadgroup runs on one operating-system thread, its fibers by turns from one point of synchronisation to
/// the next, in an order that the dispatch's seed chooses within every simdgroup of 32.
/// </summary>
public sealed unsafe class MslFunction : IShaderFunction
{
    private const int MessageBytes = 1024;
    private readonly KernelEntry _kernel;
    private readonly int _number;
    private readonly delegate* unmanaged<int, NativeDispatch*, ulong, ulong, byte*, int, delegate* unmanaged<nint, nint, ulong, int, void>, nint, int> _run;
    private readonly ExecutorOptions _options;
    private readonly ConcurrentBag<nint> _memory;

    internal MslFunction(KernelEntry kernel, int number, nint run, nint describe, ExecutorOptions options, ConcurrentBag<nint> memory)
    {
        (_kernel, _number, _options, _memory) = (kernel, number, options, memory);
        _run = (delegate* unmanaged<int, NativeDispatch*, ulong, ulong, byte*, int, delegate* unmanaged<nint, nint, ulong, int, void>, nint, int>)run;
        // A size and an alignment of each parameter.
        var shapes = stackalloc (uint Size, uint Alignment)[kernel.Parameters.Count + 1];
        StaticThreadgroupMemory = (nuint)((delegate* unmanaged<int, void*, ulong>)describe)(number, shapes);
        var parameters = new List<ShaderParameter>();
        for (var i = 0; i < kernel.Parameters.Count; i++)
        {
            var parameter = kernel.Parameters[i];
            if (parameter.Kind > BuiltIn.Threadgroup) continue;
            parameters.Add(new ShaderParameter
            {
                Name = parameter.Name,
                Index = parameter.Index,
                Space = parameter.Kind == BuiltIn.Threadgroup ? ShaderAddressSpace.Threadgroup : parameter.Constant ? ShaderAddressSpace.Constant : ShaderAddressSpace.Device,
                Writable = !parameter.ReadOnly,
                Alignment = (int)shapes[i].Alignment,
                MinLength = (int)shapes[i].Size,
            });
        }
        Parameters = parameters;
        MaxThreadsPerThreadgroup = Math.Min(kernel.MaxThreads > 0 ? kernel.MaxThreads : 1024, options.MaxThreadsPerThreadgroup);
    }

    /// <inheritdoc/>
    public string Name => _kernel.Name;

    /// <inheritdoc/>
    public IReadOnlyList<ShaderParameter> Parameters { get; }

    /// <inheritdoc/>
    public nuint StaticThreadgroupMemory { get; }

    /// <inheritdoc/>
    public int MaxThreadsPerThreadgroup { get; }

    /// <inheritdoc/>
    public int SimdWidth => 32;

    /// <inheritdoc/>
    public bool Traces => _options.Checked;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A size is zero or too large, or a parameter is not bound.</exception>
    public void Run(in ShaderDispatch dispatch)
    {
        var native = new NativeDispatch { Seed = (uint)dispatch.Seed, StackLength = NativeDispatch.StackBytes, StackDistance = NativeDispatch.StackStride, ArenaLength = NativeDispatch.ArenaBytes };
        var groups = Sizes(dispatch.Threadgroups, native.Groups, uint.MaxValue, "threadgroups");
        Sizes(dispatch.ThreadsPerThreadgroup, native.Threads, (ulong)MaxThreadsPerThreadgroup, "threads of a threadgroup");
        foreach (var buffer in dispatch.Buffers)
            native.Buffers[buffer.Index] = new() { Pointer = buffer.Pointer, Length = buffer.Length, Writable = buffer.ReadOnly ? 0ul : 1 };
        foreach (var memory in dispatch.Threadgroup) native.Threadgroup[memory.Index] = (uint)memory.Length;
        foreach (var parameter in Parameters)
            if (parameter.Space == ShaderAddressSpace.Threadgroup ? native.Threadgroup[parameter.Index] == 0 : native.Buffers[parameter.Index].Pointer == 0)
                throw new ArgumentException($"Parameter {parameter.Name} of kernel {Name} is not bound: nothing is at {parameter.Space.ToString().ToLowerInvariant()} index {parameter.Index}.", nameof(dispatch));

        var workers = _options.Checked || dispatch.Trace is not null ? 1 : (int)Math.Min((ulong)_options.Workers, groups);
        if (workers <= 1)
        {
            var message = Part(native, 0, groups, dispatch.Trace);
            if (message is not null) throw new ShaderFaultException(message);
            return;
        }
        var (messages, shared) = (new string?[workers], native);
        Parallel.For(0, workers, worker =>
        {
            var (first, end) = (groups * (ulong)worker / (ulong)workers, groups * (ulong)(worker + 1) / (ulong)workers);
            messages[worker] = Part(shared, first, end - first, null);
        });
        if (Array.Find(messages, text => text is not null) is { } fault) throw new ShaderFaultException(fault);
    }

    private static ulong Sizes(ShaderSize size, uint* sizes, ulong most, string what)
    {
        var total = (UInt128)size.X * size.Y * size.Z;
        if (total == 0 || total > most) throw new ArgumentException($"{size.X} × {size.Y} × {size.Z} {what}; from 1 to {most} in all can be run.");
        (sizes[0], sizes[1], sizes[2]) = ((uint)size.X, (uint)size.Y, (uint)size.Z);
        return (ulong)total;
    }

    private string? Part(NativeDispatch dispatch, ulong first, ulong count, IShaderTrace? trace)
    {
        const nuint Bytes = (nuint)NativeDispatch.StackStride * 1024 + NativeDispatch.ArenaBytes;
        if (!_memory.TryTake(out var memory)) memory = (nint)NativeMemory.AlignedAlloc(Bytes, 64);
        dispatch.Arena = (byte*)memory;
        dispatch.Stacks = (byte*)memory + NativeDispatch.ArenaBytes;
        var handle = trace is null ? default : GCHandle.Alloc(trace);
        try
        {
            var message = stackalloc byte[MessageBytes];
            delegate* unmanaged<nint, nint, ulong, int, void> report = trace is null ? null : &Report;
            return _run(_number, &dispatch, first, count, message, MessageBytes, report, trace is null ? 0 : GCHandle.ToIntPtr(handle)) == 0
                ? null
                : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message));
        }
        finally
        {
            if (trace is not null) handle.Free();
            _memory.Add(memory);
        }
    }

    [UnmanagedCallersOnly]
    private static void Report(nint context, nint address, ulong length, int written)
    {
        var trace = (IShaderTrace)GCHandle.FromIntPtr(context).Target!;
        if (written != 0) trace.Write(address, (nuint)length);
        else trace.Read(address, (nuint)length);
    }
}
