using System.Runtime.InteropServices;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.MslExecutor;
using Xunit;

namespace Hotplug.MslTests;

/// <summary>One dispatch being put together: memory is bound by index, guarded by the executor's checks, and read back after the run.</summary>
internal sealed unsafe class KernelRun : IDisposable
{
    private readonly List<BoundMemory> _buffers = [];
    private readonly List<ThreadgroupMemory> _threadgroup = [];
    private readonly MslFunction _function;

    public KernelRun(MslLibrary library, string name) => _function = library[name];

    public int Seed { get; set; }
    public IShaderTrace? Trace { get; set; }

    /// <summary>Binds a copy of an array; what is not written by the kernel stays.</summary>
    public KernelRun Bind<T>(int index, ReadOnlySpan<T> content, bool readOnly = false) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(content);
        // Nothing is bound with no memory at all, and the checks stop at the length stated.
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes.Length, 1), 64);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        _buffers.Add(new BoundMemory(index, (nint)memory, (nuint)bytes.Length, readOnly));
        return this;
    }

    public KernelRun Bind<T>(int index, T[] content, bool readOnly = false) where T : unmanaged => Bind<T>(index, content.AsSpan(), readOnly);

    /// <summary>Binds a value for reading, as <c>setBytes</c> does.</summary>
    public KernelRun Bytes<T>(int index, in T value) where T : unmanaged => Bind(index, new ReadOnlySpan<T>(in value), readOnly: true);

    /// <summary>Binds room for results, filled with NaN.</summary>
    public KernelRun Room<T>(int index, long count) where T : unmanaged
    {
        var content = new T[count];
        MemoryMarshal.AsBytes(content.AsSpan()).Fill(0xff);
        return Bind(index, content);
    }

    public KernelRun Threadgroup(int index, int bytes)
    {
        _threadgroup.Add(new ThreadgroupMemory(index, (nuint)bytes));
        return this;
    }

    public KernelRun Run(ulong groups, ulong threads) => Run(new ShaderSize(groups, 1, 1), new ShaderSize(threads, 1, 1));

    public KernelRun Run(ShaderSize groups, ShaderSize threads)
    {
        var buffers = _buffers.OrderBy(buffer => buffer.Index).ToArray();
        _function.Run(new ShaderDispatch { Threadgroups = groups, ThreadsPerThreadgroup = threads, Buffers = buffers, Threadgroup = _threadgroup.ToArray(), Seed = Seed, Trace = Trace });
        return this;
    }

    public T[] Read<T>(int index) where T : unmanaged
    {
        var buffer = _buffers.Find(buffer => buffer.Index == index);
        return MemoryMarshal.Cast<byte, T>(new Span<byte>((void*)buffer.Pointer, (int)buffer.Length)).ToArray();
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers) NativeMemory.AlignedFree((void*)buffer.Pointer);
        _buffers.Clear();
    }

    /// <summary>Skips the test where shaders cannot be compiled.</summary>
    public static void Require()
    {
        if (Toolchain.Current.Unavailable is { } reason) Assert.Skip(reason);
    }
}
