using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.ContractTests.Broken.Decorators;

namespace Hotplug.ContractTests.Broken;

internal sealed class OtherRange : Flaw
{
    public override AddressRange Range(IBuffer inner) => new(inner.Range.Start + 64, inner.Range.Length);
}

internal sealed class NoAddressWhenEmpty : Flaw
{
    public override AddressRange Range(IBuffer inner) => inner.Length == 0 ? default : inner.Range;
}

internal sealed class TakesTooLarge : Flaw
{
    public override IBuffer Allocate(IBufferType inner, in BufferRequest request)
        => inner.Allocate(request.Length > inner.MaxLength ? request with { Length = inner.MaxLength, Range = new(request.Range.Start & ~(inner.BaseAlignment - 1), inner.MaxLength) } : request);
}

internal sealed class UntypedFailures : Flaw
{
    public override IBuffer Allocate(IBufferType inner, in BufferRequest request)
    {
        try
        {
            return inner.Allocate(request);
        }
        catch (BackendException exception)
        {
            throw new InvalidOperationException(exception.Message);
        }
    }

    public override void Write(IBuffer inner, in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        try
        {
            inner.Write(tensor, firstRow, rows);
        }
        catch (BackendException exception)
        {
            throw new InvalidOperationException(exception.Message);
        }
    }
}

internal sealed class NoPadding : Flaw
{
    public override nuint AllocationSize(IBufferType inner, in TensorSpec tensor) => inner.AllocationSize(tensor) / 2;
}

internal sealed class SizeJumpsBack : Flaw
{
    public override nuint AllocationSize(IBufferType inner, in TensorSpec tensor) => inner.AllocationSize(tensor) + (nuint)(tensor.RowCount % 2 == 0 ? 0 : 100_000_000);
}

internal sealed class UsageForgotten : Flaw
{
    public override BufferUsage Usage(IBuffer inner) => BufferUsage.Any;
}

internal sealed class FirstRowIgnored : Flaw
{
    public override void Write(IBuffer inner, in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows) => inner.Write(tensor, rows.Length == tensor.Spec.ByteLength ? firstRow : 0, rows);
}

internal sealed class LastRowLost : Flaw
{
    public override void Write(IBuffer inner, in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
        => inner.Write(tensor, firstRow, tensor.Spec.RowCount > 2 && rows.Length == tensor.Spec.ByteLength ? rows[..^(int)tensor.Spec.RowBytes] : rows);
}

internal sealed class ClearsAByteMore : Flaw
{
    public override void Clear(IBuffer inner, nuint offset, nuint length) => inner.Clear(offset, offset + length + 8 <= inner.Length && length != 0 ? length + 8 : length);
}

internal sealed class BadRangesIgnored : Flaw
{
    public override void Write(IBuffer inner, in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        try
        {
            inner.Write(tensor, firstRow, rows);
        }
        catch (ArgumentException)
        {
        }
    }
}

internal sealed class DisposedIsIgnored : Flaw
{
    public override void Read(IBuffer inner, in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        try
        {
            inner.Read(tensor, firstRow, rows);
        }
        catch (ObjectDisposedException)
        {
        }
    }
}

internal sealed unsafe class AddressTakenForMemory : Flaw
{
    public override void Write(IBuffer inner, in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        inner.Write(tensor, firstRow, rows);
        if (!rows.IsEmpty) *(byte*)inner.Range.Start = 1;
    }
}

internal sealed class PaddingOverrun : Flaw
{
    public override void Write(IBuffer inner, in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        inner.Write(tensor, firstRow, rows);
        var end = tensor.Offset + inner.Type.AllocationSize(tensor.Spec);
        if (end < inner.Length) inner.Clear(end, 1);
    }
}

internal sealed class WeightsMatterByUsage : Flaw
{
    public override void Write(IBuffer inner, in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        inner.Write(tensor, firstRow, rows);
        if (inner.Usage == BufferUsage.KvCache && tensor.Spec.Type != TensorType.I8) inner.Write(tensor, 0, new byte[tensor.Spec.RowBytes]);
    }
}

internal sealed class EveryThirdBufferLeaks : Flaw
{
    private int _disposals;

    public override void Dispose(IDisposable inner)
    {
        if (++_disposals % 3 != 0) inner.Dispose();
    }
}

internal sealed class SecondDisposalThrows : Flaw
{
    private readonly HashSet<IDisposable> _disposed = new(ReferenceEqualityComparer.Instance);

    public override void Dispose(IDisposable inner)
    {
        if (!_disposed.Add(inner)) throw new InvalidOperationException("It is disposed already.");
        inner.Dispose();
    }
}
