using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats;
using Hotplug.Gpu.Drivers;
using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.Gpu.Memory;

/// <summary>Memory on the device; its addresses are a name. Rows are packed and unpacked on their way through the staging memory.</summary>
internal sealed unsafe class DeviceBuffer : GpuBuffer
{
    private readonly bool _packed;

    public DeviceBuffer(GpuBufferType type, in BufferRequest request) : base(type, request)
    {
        _packed = type.Kind == GpuBufferKind.Packed;
        if (Length == 0) return;
        var bytes = (long)Length;
        type.Device.Budget.Take(type.Name, bytes);
        try
        {
            Thread.Run(() => Own(Thread.Driver.Allocate(bytes)));
        }
        catch (OutOfDeviceMemoryException)
        {
            type.Device.Budget.Return(bytes);
            var free = type.Device.QueryMemory().Free;
            throw new OutOfDeviceMemoryException(type.Name, (nuint)bytes, (nuint?)free);
        }
        catch
        {
            type.Device.Budget.Return(bytes);
            throw;
        }
        Count();
    }

    public override bool TryGetPointer(out nint pointer)
    {
        Check();
        pointer = 0;
        return false;
    }

    public override void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        Check();
        var count = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        if (rows.Length == 0) return;
        fixed (byte* source = rows)
        {
            var (from, transfer) = ((nint)source, new RowTransfer(tensor, firstRow, count, _packed));
            Thread.Run(() => Upload(transfer, (byte*)from));
        }
    }

    public override void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        Check();
        var count = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        if (rows.Length == 0) return;
        fixed (byte* destination = rows)
        {
            var (to, transfer) = ((nint)destination, new RowTransfer(tensor, firstRow, count, _packed));
            Thread.Run(() => Download(transfer, (byte*)to));
        }
    }

    public override void Clear(nuint offset, nuint length)
    {
        Check();
        TensorAccess.CheckBytes(this, offset, length);
        if (length == 0) return;
        Thread.Run(() =>
        {
            Thread.Driver.Clear(View.SubView((long)offset, (long)length));
            Thread.Driver.Synchronize();
        });
    }

    protected override void Released() => GpuType.Device.Budget.Return((long)Length);

    // The pointers are those of pinned spans of as many bytes as the transfer has; the caller waits.
    private void Upload(in RowTransfer transfer, byte* source)
    {
        var (driver, staging) = (Thread.Driver, Thread.StagingFor(transfer.RowBytes));
        for (long first = 0, chunk = 0; first < transfer.Bytes; chunk++)
        {
            // The half was last used two chunks ago; one wait in two chunks frees both.
            if (chunk > 0 && chunk % 2 == 0) driver.Synchronize();
            var half = (int)(chunk % 2);
            var bytes = transfer.ChunkAt(first, staging.HalfBytes);
            transfer.Pack(source, first, staging.Bytes(half)[..bytes]);
            driver.Upload(staging.Half(half), View.SubView(transfer.Offset + first, bytes));
            first += bytes;
        }
        driver.Synchronize();
    }

    private void Download(in RowTransfer transfer, byte* destination)
    {
        var (driver, staging) = (Thread.Driver, Thread.StagingFor(transfer.RowBytes));
        for (long first = 0; first < transfer.Bytes;)
        {
            var bytes = transfer.ChunkAt(first, staging.HalfBytes);
            driver.Download(View.SubView(transfer.Offset + first, bytes), staging.Half(0));
            driver.Synchronize();
            transfer.Unpack(staging.Bytes(0)[..bytes], first, destination);
            first += bytes;
        }
    }
}
