using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Memory;

/// <summary>
/// A buffer over part of another: physical, composite or a view itself. It owns nothing; the other must outlive it. A tensor in it is named by
/// the view and the offset there.
/// </summary>
public sealed class BufferView : IBuffer, IComposite
{
    private readonly IBuffer _root;
    private readonly nuint _offset;
    private bool _disposed;

    /// <summary>Creates a view.</summary>
    /// <param name="root">The buffer to look at.</param>
    /// <param name="offset">First byte, aligned as the root's type asks of tensors.</param>
    /// <param name="length">Bytes; may be 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bytes do not lie in the root.</exception>
    /// <exception cref="Abstractions.Faults.MisalignedException">The offset is not aligned.</exception>
    public BufferView(IBuffer root, nuint offset, nuint length)
    {
        ArgumentNullException.ThrowIfNull(root);
        TensorAccess.CheckBytes(root, offset, length);
        var alignment = root.Type.TensorAlignment;
        if (offset % alignment != 0)
            throw new Abstractions.Faults.MisalignedException($"A view at offset {offset} is not aligned to {alignment} as {root.Type.Name} asks.");
        (_root, _offset, Length) = (root, offset, length);
        // An empty view has a range as well, one unit that lies in the root.
        var unit = length != 0 ? length : nuint.Min(alignment, root.Range.Length);
        var start = length != 0 ? offset : nuint.Min(offset, (root.Range.Length - unit) / alignment * alignment);
        Range = root.Range.Slice(start, unit);
        IsReadOnly = length == 0 ? root.IsReadOnly : root is IComposite composite ? composite.IsReadOnlyIn(offset, length) : root.IsReadOnly;
    }

    /// <summary>The buffer looked at.</summary>
    public IBuffer Root => _root;

    /// <summary>The type of the buffer looked at.</summary>
    public IBufferType Type => _root.Type;

    /// <inheritdoc/>
    public AddressRange Range { get; }

    /// <inheritdoc/>
    public nuint Length { get; }

    /// <inheritdoc/>
    public BufferUsage Usage => _root.Usage;

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <inheritdoc/>
    public bool TryGetPointer(out nint pointer)
    {
        ThrowIfDisposed();
        var has = Length != 0 && _root.TryGetPointer(out _);
        pointer = has ? (nint)Range.Start : 0;
        return has;
    }

    /// <inheritdoc/>
    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        var inRoot = Resolve(tensor);
        TensorAccess.CheckWritable(inRoot.Buffer);
        _ = TensorAccess.CheckRows(inRoot.Buffer, inRoot, firstRow, rows.Length);
        inRoot.Buffer.Write(inRoot, firstRow, rows);
    }

    /// <inheritdoc/>
    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        var inRoot = Resolve(tensor);
        _ = TensorAccess.CheckRows(inRoot.Buffer, inRoot, firstRow, rows.Length);
        inRoot.Buffer.Read(inRoot, firstRow, rows);
    }

    /// <inheritdoc/>
    public void Clear(nuint offset, nuint length)
    {
        ThrowIfDisposed();
        TensorAccess.CheckBytes(this, offset, length);
        _root.Clear(_offset + offset, length);
    }

    /// <summary>Names a tensor of this view by the physical buffer it lies in: what plugins receive.</summary>
    /// <exception cref="ArgumentException">It does not lie wholly in this view, or not in one part of a composite.</exception>
    public TensorRef Resolve(in TensorRef tensor)
    {
        ThrowIfDisposed();
        if (!ReferenceEquals(tensor.Buffer, this))
            throw new ArgumentException($"Tensor {tensor.Spec} does not lie in this view ({Type.Name} at {Range}).", nameof(tensor));
        if (tensor.Offset > Length)
            throw new ArgumentException($"Tensor {tensor.Spec} at offset {tensor.Offset} does not lie in a view of {Length} bytes.", nameof(tensor));
        var resolved = new TensorRef(_root, _offset + tensor.Offset, tensor.Spec);
        if (_root is IComposite composite)
            resolved = composite.Resolve(resolved);
        var size = resolved.Buffer.Type.AllocationSize(tensor.Spec);
        return size <= Length - tensor.Offset
            ? resolved
            : throw new ArgumentException($"Tensor {tensor.Spec} at offset {tensor.Offset} needs {size} bytes; the view has {Length}.", nameof(tensor));
    }

    /// <inheritdoc/>
    public void Dispose() => _disposed = true;

    bool IComposite.IsReadOnlyIn(nuint offset, nuint length) =>
        _root is IComposite composite ? composite.IsReadOnlyIn(_offset + offset, length) : _root.IsReadOnly;

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);
}
