using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.Memory;

/// <summary>The checks that every buffer makes before it touches a byte, so that no backend writes them again.</summary>
public static class TensorAccess
{
    /// <summary>Checks that <paramref name="bytes"/> bytes of rows from <paramref name="firstRow"/> on lie in the tensor, and the tensor in the buffer.</summary>
    /// <param name="buffer">The buffer asked.</param>
    /// <param name="tensor">The tensor named; its buffer must be <paramref name="buffer"/>.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="bytes">Length of the caller's span.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="ArgumentException">Something lies outside.</exception>
    public static long CheckRows(IBuffer buffer, in TensorRef tensor, long firstRow, int bytes)
    {
        if (!ReferenceEquals(tensor.Buffer, buffer))
            throw new ArgumentException($"Tensor {tensor.Spec} does not lie in this buffer ({buffer.Type.Name} at {buffer.Range}).", nameof(tensor));
        var spec = tensor.Spec;
        var size = buffer.Type.AllocationSize(spec);
        if (tensor.Offset > buffer.Length || size > buffer.Length - tensor.Offset)
            throw new ArgumentException($"Tensor {spec} at offset {tensor.Offset} needs {size} bytes; the buffer ({buffer.Type.Name}) has {buffer.Length}.", nameof(tensor));
        if (tensor.Offset % buffer.Type.TensorAlignment != 0)
            throw new ArgumentException($"Tensor {spec} at offset {tensor.Offset} is not aligned to {buffer.Type.TensorAlignment} as {buffer.Type.Name} asks.", nameof(tensor));
        var rowBytes = spec.RowBytes;
        var rows = rowBytes == 0 ? 0 : bytes / rowBytes;
        if (rowBytes == 0 ? bytes != 0 : bytes % rowBytes != 0)
            throw new ArgumentException($"{bytes} bytes are not a whole number of rows of {spec} ({rowBytes} bytes each).", nameof(bytes));
        if (firstRow < 0 || firstRow > spec.RowCount || rows > spec.RowCount - firstRow)
            throw new ArgumentException($"Rows {firstRow} to {firstRow + rows} do not lie in {spec}, which has {spec.RowCount}.", nameof(firstRow));
        return rows;
    }

    /// <summary>Checks that a byte range lies in the buffer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public static void CheckBytes(IBuffer buffer, nuint offset, nuint length)
    {
        if (offset > buffer.Length || length > buffer.Length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} bytes at {offset} do not lie in a buffer of {buffer.Length} bytes ({buffer.Type.Name}).");
    }

    /// <summary>Checks that the buffer may be written.</summary>
    /// <exception cref="ReadOnlyException">It is read-only.</exception>
    public static void CheckWritable(IBuffer buffer)
    {
        if (buffer.IsReadOnly)
            throw new ReadOnlyException($"The buffer ({buffer.Type.Name} at {buffer.Range}) is read-only: it stands on a mapped file. Load it with mapping off to write to it.");
    }

    /// <summary>Checks a request against what the type states: length, alignment, backing.</summary>
    /// <exception cref="TooLargeException">More than <see cref="IBufferType.MaxLength"/>.</exception>
    /// <exception cref="MisalignedException">The range is not aligned, or the backing does not stand at its start.</exception>
    /// <exception cref="UnsupportedException">The backing is missing, unwanted, or read-only where the type does not adopt.</exception>
    public static void CheckRequest(IBufferType type, in BufferRequest request)
    {
        if (request.Length > type.MaxLength)
            throw new TooLargeException(type.Name, request.Length, type.MaxLength);
        if (request.Range.Start == 0 || request.Range.Start % type.BaseAlignment != 0)
            throw new MisalignedException($"Address 0x{request.Range.Start:x} is not aligned to {type.BaseAlignment} as {type.Name} asks.");
        if (request.Length > request.Range.Length)
            throw new MisalignedException($"{request.Length} bytes do not fit the range {request.Range}.");
        if (!type.Traits.HostVisible)
        {
            if (request.Backing is not null)
                throw new UnsupportedException($"{type.Name} does not stand on host memory.");
            return;
        }
        if (request.Backing is not { } backing)
            throw new UnsupportedException($"{type.Name} stands on host memory, and the request brings none.");
        if ((nuint)backing.Pointer != request.Range.Start || backing.Length < request.Length)
            throw new MisalignedException($"The backing (0x{backing.Pointer:x}, {backing.Length} bytes) does not cover the range {request.Range}.");
        if (backing.Access == HostAccess.Read && !type.Traits.Adopts)
            throw new UnsupportedException($"{type.Name} does not adopt read-only memory.");
    }
}
