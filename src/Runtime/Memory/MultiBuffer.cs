using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Memory;

/// <summary>
/// One buffer composed of physical buffers of any types, side by side in one reserved range. Every operation is defined by visiting the
/// parts it covers, after all of them have been checked. A tensor lies in exactly one part; it may be named by the composite and the offset
/// there, or by the part. Addresses between parts belong to nobody: they are inaccessible, and clearing over them is harmless.
/// Immutable. Owns its parts and its range.
/// </summary>
public sealed class MultiBuffer : IBuffer, IComposite
{
    private readonly Reservation _reservation;
    private readonly BufferAllocation[] _parts;
    private readonly IBuffer[] _buffers;
    private int _disposed;

    /// <summary>Takes over a reservation and the parts in it.</summary>
    /// <param name="reservation">The range.</param>
    /// <param name="parts">Allocations within the range, disjoint, in order of address.</param>
    internal MultiBuffer(Reservation reservation, IReadOnlyList<BufferAllocation> parts)
    {
        (_reservation, _parts) = (reservation, [.. parts]);
        _buffers = [.. parts.Select(part => part.Buffer)];
        var start = reservation.Range.Start;
        nuint end = start, stored = start;
        var contiguous = true;
        for (var i = 0; i < _parts.Length; i++)
        {
            var part = _parts[i];
            if (!reservation.Range.Contains(part.Range) || part.Range.Start < end)
                throw new ArgumentException($"Part {i} ({part.Facts.Name} at {part.Range}) overlaps another or lies outside of {reservation.Range}.", nameof(parts));
            end = part.Range.End;
            if (part.Length == 0)
                continue;
            contiguous &= part.Range.Start == stored;
            stored = end;
        }
        Length = stored == start ? 0 : end - start;
        Range = new AddressRange(start, nuint.Max(end - start, 1));
        Usage = _parts.Length != 0 && _parts.All(part => part.Usage == _parts[0].Usage) ? _parts[0].Usage : BufferUsage.Any;
        IsReadOnly = _parts.Any(part => part.IsReadOnly);
        Type = new CompositeBufferType(_parts, contiguous && (stored == end || Length == 0), Length);
    }

    /// <summary>The physical buffers, in order of address.</summary>
    public IReadOnlyList<IBuffer> Parts => _buffers;

    /// <summary>A type that states the conjunction of the parts: host-visible only if all are, and lie without gaps. It allocates nothing.</summary>
    public IBufferType Type { get; }

    /// <inheritdoc/>
    public AddressRange Range { get; }

    /// <inheritdoc/>
    public nuint Length { get; }

    /// <summary>What the parts were made for, if all for the same.</summary>
    public BufferUsage Usage { get; }

    /// <summary>True if any part is read-only: then not everything can be written. Writable parts can be, nevertheless.</summary>
    public bool IsReadOnly { get; }

    /// <inheritdoc/>
    public bool TryGetPointer(out nint pointer)
    {
        ThrowIfDisposed();
        var has = Type.Traits.HostVisible && Length != 0;
        pointer = has ? (nint)Range.Start : 0;
        return has;
    }

    /// <inheritdoc/>
    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        var physical = Resolve(tensor);
        TensorAccess.CheckWritable(physical.Buffer);
        _ = TensorAccess.CheckRows(physical.Buffer, physical, firstRow, rows.Length);
        physical.Buffer.Write(physical, firstRow, rows);
    }

    /// <inheritdoc/>
    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        var physical = Resolve(tensor);
        _ = TensorAccess.CheckRows(physical.Buffer, physical, firstRow, rows.Length);
        physical.Buffer.Read(physical, firstRow, rows);
    }

    /// <inheritdoc/>
    public void Clear(nuint offset, nuint length)
    {
        ThrowIfDisposed();
        TensorAccess.CheckBytes(this, offset, length);
        var start = Range.Start + offset;
        var first = FirstEndingBehind(start);
        for (var i = first; i < _parts.Length && _parts[i].Range.Start < start + length; i++)
        {
            if (_parts[i].Length != 0)
                TensorAccess.CheckWritable(_parts[i].Buffer);
        }
        for (var i = first; i < _parts.Length && _parts[i].Range.Start < start + length; i++)
        {
            if (_parts[i].Length == 0)
                continue;
            var from = nuint.Max(start, _parts[i].Range.Start);
            var to = nuint.Min(start + length, _parts[i].Range.End);
            _parts[i].Buffer.Clear(from - _parts[i].Range.Start, to - from);
        }
    }

    /// <summary>Names a tensor by the physical buffer it lies in: what plugins receive.</summary>
    /// <param name="tensor">A tensor of this composite or of one of its parts.</param>
    /// <exception cref="ArgumentException">It lies in neither, or not wholly in one part.</exception>
    public TensorRef Resolve(in TensorRef tensor)
    {
        ThrowIfDisposed();
        if (ReferenceEquals(tensor.Buffer, this))
        {
            if (TryLocate(tensor.Offset, out var buffer, out var offset))
                return new TensorRef(buffer, offset, tensor.Spec);
            throw new ArgumentException($"Tensor {tensor.Spec} at offset {tensor.Offset} lies in no part of {Type.Name}.", nameof(tensor));
        }
        return Array.IndexOf(_buffers, tensor.Buffer) >= 0
            ? tensor
            : throw new ArgumentException($"Tensor {tensor.Spec} does not lie in this buffer ({Type.Name} at {Range}) or in one of its parts.", nameof(tensor));
    }

    /// <summary>Finds the part at an offset.</summary>
    /// <param name="offset">Bytes from the start of the composite.</param>
    /// <param name="part">The physical buffer.</param>
    /// <param name="offsetInPart">Bytes from its start.</param>
    /// <returns>False between parts and behind the last.</returns>
    public bool TryLocate(nuint offset, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IBuffer? part, out nuint offsetInPart)
    {
        if (offset <= Range.Length)
        {
            var address = Range.Start + offset;
            var i = FirstEndingBehind(address);
            // The end of a part is a place for a tensor without bytes, unless another part begins there.
            if ((i == _parts.Length || _parts[i].Range.Start > address) && i > 0 && _parts[i - 1].Range.End == address)
                i--;
            if (i < _parts.Length && _parts[i].Range.Start <= address)
            {
                (part, offsetInPart) = (_buffers[i], address - _parts[i].Range.Start);
                return true;
            }
        }
        (part, offsetInPart) = (null, 0);
        return false;
    }

    /// <summary>Disposes the parts, last first, then the range, unless a device may still be writing to a part of it. Twice is harmless.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        for (var i = _parts.Length - 1; i >= 0; i--)
            _parts[i].Dispose();
        if (!_parts.Any(part => part.IsKept))
            _reservation.Dispose();
    }

    bool IComposite.IsReadOnlyIn(nuint offset, nuint length)
    {
        var start = Range.Start + offset;
        for (var i = FirstEndingBehind(start); i < _parts.Length && _parts[i].Range.Start < start + length; i++)
        {
            if (_parts[i].IsReadOnly)
                return true;
        }
        return false;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, this);

    private int FirstEndingBehind(nuint address)
    {
        int low = 0, high = _parts.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_parts[middle].Range.End <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
