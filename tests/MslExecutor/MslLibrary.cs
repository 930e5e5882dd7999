using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.MslExecutor;

/// <summary>A loaded library of kernels. Disposing unloads it; none of its functions may run then.</summary>
public sealed class MslLibrary : IShaderLibrary
{
    private readonly Dictionary<string, MslFunction> _functions = [];
    private nint _handle;

    internal MslLibrary(string path, IReadOnlyList<KernelEntry> kernels, ExecutorOptions options)
    {
        _handle = NativeLibrary.Load(path);
        var (run, describe) = (NativeLibrary.GetExport(_handle, "msl_run"), NativeLibrary.GetExport(_handle, "msl_describe"));
        for (var i = 0; i < kernels.Count; i++) _functions.Add(kernels[i].Name, new MslFunction(kernels[i], i, run, describe, options, Memory));
    }

    /// <summary>Stacks and threadgroup memory, for one operating-system thread each; shared by the functions.</summary>
    internal ConcurrentBag<nint> Memory { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyCollection<string> FunctionNames => _functions.Keys;

    /// <summary>A kernel by name.</summary>
    /// <exception cref="KeyNotFoundException">There is no kernel of that name.</exception>
    public MslFunction this[string name] => _functions.TryGetValue(name, out var function) ? function
        : throw new KeyNotFoundException($"There is no kernel {name}; there are {string.Join(", ", _functions.Keys)}.");

    /// <inheritdoc/>
    public IShaderFunction? Find(string name) => _functions.GetValueOrDefault(name);

    /// <inheritdoc/>
    public unsafe void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle == 0) return;
        NativeLibrary.Free(handle);
        while (Memory.TryTake(out var memory)) NativeMemory.AlignedFree((void*)memory);
    }
}
