using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Reports;

namespace Hotplug.Cli.Evidence;

/// <summary>Every buffer type of a device in use: addresses, rows written and read back at every kind of edge, clearing, and copies from each type to each.</summary>
internal sealed class BufferCheck(IDevice device, AddressSpace space, CancellationToken cancellation)
{
    // Rows of an odd number of bytes, so that few lie at whole words; some 100 KiB.
    private static readonly TensorSpec Rows = new() { Type = TensorType.Q8_0, Shape = new(96, 1025) };

    private readonly BufferAllocator _allocator = new(space);

    public IReadOnlyList<BufferEvidence> Run() => [.. device.BufferTypes.Select(Run)];

    private BufferEvidence Run(IBufferType type)
    {
        cancellation.ThrowIfCancellationRequested();
        string? failure = null;
        try
        {
            failure = Use(type);
        }
        // Whatever it throws is its failure, and evidence.
        catch (Exception thrown) when (thrown is not OperationCanceledException)
        {
            failure = thrown.Message;
        }
        return new(type.Name, TraitsText.Of(type.Traits), type.Traits.Residency.ToString(), type.BaseAlignment, type.MaxLength, failure);
    }

    private string? Use(IBufferType type)
    {
        using var made = _allocator.Allocate(type, type.AllocationSize(Rows));
        var buffer = made.Buffer;
        if (buffer.BaseAddress == 0 || buffer.BaseAddress % type.BaseAlignment != 0) return $"its base address is 0x{buffer.BaseAddress:x}";
        if (!space.TryResolve(buffer.BaseAddress + 1, out var found, out var offset) || found != buffer || offset != 1) return "its address does not lead to it";
        if (buffer.TryGetPointer(out var pointer) != type.Traits.HostVisible || (type.Traits.HostVisible && (nuint)pointer != buffer.BaseAddress)) return $"its pointer is 0x{pointer:x}, and its address 0x{buffer.BaseAddress:x}";

        var (tensor, row) = (new TensorRef(buffer, 0, Rows), (int)Rows.RowBytes);
        var written = new byte[Rows.ByteLength];
        new Random(1).NextBytes(written);
        tensor.Buffer.Write(tensor, 0, written);
        // Single rows in the midst of others.
        for (var i = 1; i < 8; i += 3) tensor.Buffer.Write(tensor, i, written.AsSpan(0, row));
        for (var i = 1; i < 8; i += 3) written.AsSpan(0, row).CopyTo(written.AsSpan(i * row));
        if (Differs(tensor, written) is { } read) return $"{read} after rows were written";
        if (CopyTo(type, tensor, written) is { } copied) return copied;
        if (!type.Traits.StandardLayout) return null;
        tensor.Buffer.Clear((nuint)(row + 1), 1000);
        written.AsSpan(row + 1, 1000).Clear();
        return Differs(tensor, written) is { } cleared ? $"{cleared} after bytes were cleared" : null;
    }

    // To a buffer of every type, directly where the device can.
    private string? CopyTo(IBufferType from, TensorRef source, byte[] content)
    {
        if (device is not ICopiesFrom copier) return null;
        foreach (var type in device.BufferTypes)
        {
            using var made = _allocator.Allocate(type, type.AllocationSize(Rows));
            var destination = new TensorRef(made.Buffer, 0, Rows);
            if (!copier.TryCopy(source, destination, Rows.RowCount)) continue;
            if (Differs(destination, content) is { } difference) return $"{difference} in {type.Name} after it was copied from {from.Name}";
        }
        return null;
    }

    private static string? Differs(TensorRef tensor, byte[] expected)
    {
        var read = new byte[expected.Length];
        tensor.Buffer.Read(tensor, 0, read);
        var at = read.AsSpan().CommonPrefixLength(expected);
        return at == expected.Length ? null : $"byte {at} is {read[at]} instead of {expected[at]}";
    }
}
