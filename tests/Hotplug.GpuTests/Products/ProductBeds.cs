using System.Reflection;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats;
using Hotplug.GpuTests.Kernels;
using ILGPU;
using ILGPU.Runtime;
using Xunit;

namespace Hotplug.GpuTests.Products;

/// <summary>One accelerator of each kind and its compiled kernels, for all tests of a class.</summary>
public sealed class ProductBeds : IDisposable
{
    private readonly Dictionary<string, KernelBed> _beds = [];
    private readonly Dictionary<(string, MethodInfo), Delegate> _kernels = [];
    private readonly List<MemoryBuffer> _buffers = [];

    /// <summary>Every kind with every quantised type.</summary>
    public static MatrixTheoryData<string, TensorType> QuantCases => new(["emulator", "driver"],
        [TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K]);

    /// <summary>Every kind with every plain type.</summary>
    public static MatrixTheoryData<string, TensorType> ElementCases => new(["emulator", "driver"], [TensorType.F32, TensorType.F16, TensorType.BF16]);

    /// <summary>The accelerator of a kind; skips the test where there is none.</summary>
    public KernelBed this[string kind]
    {
        get
        {
            if (!_beds.TryGetValue(kind, out var bed)) _beds.Add(kind, bed = new KernelBed(kind));
            return bed;
        }
    }

    /// <summary>Runs a kernel once with a group size of its own, waits, and frees what was uploaded for it afterwards with <see cref="Release"/>.</summary>
    public void Run<TArguments>(string kind, Action<TArguments> kernel, int groups, int lanes, TArguments arguments) where TArguments : struct
    {
        var accelerator = this[kind].Accelerator;
        if (!_kernels.TryGetValue((kind, kernel.Method), out var loaded))
            _kernels.Add((kind, kernel.Method), loaded = accelerator.LoadStreamKernel(kernel));
        ((Action<KernelConfig, TArguments>)loaded)(new KernelConfig(groups, lanes), arguments);
        accelerator.Synchronize();
    }

    /// <summary>Copies words to the device.</summary>
    public ArrayView<int> Upload(string kind, int[] words)
    {
        // A device has no empty buffers.
        var buffer = this[kind].Accelerator.Allocate1D(words.Length == 0 ? [0] : words);
        _buffers.Add(buffer);
        return buffer.View;
    }

    /// <summary>Copies floats to the device.</summary>
    public ArrayView<float> Upload(string kind, float[] values)
    {
        var buffer = this[kind].Accelerator.Allocate1D(values.Length == 0 ? [0f] : values);
        _buffers.Add(buffer);
        return buffer.View;
    }

    /// <summary>Room on the device filled with NaN.</summary>
    public ArrayView<float> Poison(string kind, long length) => Upload(kind, Enumerable.Repeat(float.NaN, (int)length).ToArray());

    /// <summary>Copies from the device.</summary>
    public static T[] Download<T>(ArrayView<T> view) where T : unmanaged
    {
        var values = new T[view.Length];
        view.CopyToCPU(values);
        return values;
    }

    /// <summary>Frees what was uploaded.</summary>
    public void Release()
    {
        foreach (var buffer in _buffers) buffer.Dispose();
        _buffers.Clear();
    }

    /// <summary>A tensor as a device keeps it, behind <paramref name="start"/> words that are not part of it.</summary>
    public static int[] Words(TensorSpec spec, byte[] bytes, int start)
    {
        var format = PackedFormat.For(spec.Type);
        var (standard, packed) = ((int)spec.RowBytes, (int)format.RowBytes(spec.Shape.D0));
        var result = new byte[4 * start + format.TensorBytes(spec)];
        result.AsSpan(0, 4 * start).Fill(0xFF);
        for (var row = 0; row < spec.RowCount; row++) format.Pack(bytes.AsSpan(row * standard, standard), result.AsSpan(4 * start + row * packed, packed));
        var words = new int[result.Length / 4];
        Buffer.BlockCopy(result, 0, words, 0, result.Length);
        return words;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        foreach (var bed in _beds.Values) bed.Dispose();
    }
}
