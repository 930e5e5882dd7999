using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.FarMemory.Faults;

namespace Hotplug.FarMemory.Memory;

/// <summary>A block of far memory at the addresses the host gave it; the addresses are a name only. Every access waits for the work queued before it.</summary>
internal sealed class FarBuffer(FarBufferType type, BufferRequest request, int handle) : IBuffer
{
    private readonly Dictionary<(nuint Offset, TensorType Type, TensorShape Shape), float[]> _dequantized = [];
    private bool _disposed;

    /// <summary>Handle of an empty buffer.</summary>
    private const int None = 0;

    public IBufferType Type => type;

    public FarDevice Device => type.Device;

    public RowLayout Layout => type.Layout;

    public AddressRange Range => Device.Settings.Faults.At(FarCall.BufferFacts) ? new(request.Range.Start + 4096, request.Range.Length) : request.Range;

    public nuint Length => request.Length;

    public BufferUsage Usage => request.Usage;

    public bool IsReadOnly => false;

    /// <summary>Grows with every change, so that what was derived from the content can be told to be old.</summary>
    public int Version { get; private set; }

    /// <summary>The bytes, for the device itself.</summary>
    public byte[] Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return handle == None ? [] : Device.Heap.Resolve(handle);
        }
    }

    public bool TryGetPointer(out nint pointer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        pointer = 0;
        return false;
    }

    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        Device.Settings.Faults.At(FarCall.Write);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var count = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        lock (Device.Queue.Gate)
        {
            Device.Settle();
            var spec = tensor.Spec;
            var memory = Memory.AsSpan((int)tensor.Offset);
            var rowBytes = (int)spec.RowBytes;
            for (var r = 0; r < count; r++) Layout.Write(memory, spec, firstRow + r, rows.Slice(r * rowBytes, rowBytes));
            Changed();
        }
    }

    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        if (Device.Settings.Faults.At(FarCall.Read))
        {
            // No numbers: as floats of any width, NaN.
            rows.Fill(0xFF);
            return;
        }
        ObjectDisposedException.ThrowIf(_disposed, this);
        var count = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        lock (Device.Queue.Gate)
        {
            Device.Settle();
            var spec = tensor.Spec;
            var memory = Memory.AsSpan((int)tensor.Offset);
            var rowBytes = (int)spec.RowBytes;
            for (var r = 0; r < count; r++) Layout.Read(memory, spec, firstRow + r, rows.Slice(r * rowBytes, rowBytes));
        }
    }

    public void Clear(nuint offset, nuint length)
    {
        Device.Settings.Faults.At(FarCall.Clear);
        ObjectDisposedException.ThrowIf(_disposed, this);
        TensorAccess.CheckBytes(this, offset, length);
        lock (Device.Queue.Gate)
        {
            Device.Settle();
            Memory.AsSpan((int)offset, (int)length).Clear();
            Changed();
        }
    }

    /// <summary>Copies rows from another buffer of the device, each in its own layout. Checked and settled by the caller.</summary>
    public void CopyRows(in TensorRef source, in TensorRef destination, long rows)
    {
        var from = (FarBuffer)source.Buffer;
        Span<byte> row = new byte[source.Spec.RowBytes];
        for (var r = 0L; r < rows; r++)
        {
            from.Layout.Read(from.Memory.AsSpan((int)source.Offset), source.Spec, r, row);
            Layout.Write(Memory.AsSpan((int)destination.Offset), destination.Spec, r, row);
        }
        Changed();
    }

    /// <summary>The elements of a tensor as they are now; kept until the buffer changes. For queued work, under the gate.</summary>
    public float[] Dequantized(nuint offset, in TensorSpec spec)
    {
        var key = (offset, spec.Type, spec.Shape);
        if (_dequantized.TryGetValue(key, out var known)) return known;
        var elements = new float[spec.Shape.ElementCount];
        var row = new byte[spec.RowBytes];
        for (var r = 0; r < spec.RowCount; r++)
        {
            Layout.Read(Memory.AsSpan((int)offset), spec, r, row);
            Reference.Formats.Dequantizer.Read(spec.Type, row, elements.AsSpan(r * (int)spec.Shape.D0, (int)spec.Shape.D0));
        }
        _dequantized.Add(key, elements);
        return elements;
    }

    /// <summary>Told by whoever changes the bytes.</summary>
    public void Changed()
    {
        Version++;
        if (_dequantized.Count != 0) _dequantized.Clear();
    }

    public void Dispose()
    {
        lock (Device.Queue.Gate)
        {
            if (_disposed) return;
            Device.Queue.Drain();
            _disposed = true;
            _dequantized.Clear();
            if (handle != None) Device.Heap.Release(handle);
            Device.Settings.Faults.At(FarCall.DisposeBuffer);
        }
    }
}
