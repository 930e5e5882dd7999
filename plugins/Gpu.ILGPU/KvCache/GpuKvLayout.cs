using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Accelerators.KvCache;
using Hotplug.Gpu.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.Gpu.KvCache;

/// <summary>Pages of a KV cache in device memory. Cells go to and from the neutral form on the host, a part of a page at a time.</summary>
internal sealed class GpuKvLayout : IKvLayout
{
    public GpuKvLayout(GpuDevice device, KvCacheSpec spec)
    {
        if (spec.PageTokens != GpuDevice.PageTokens)
            throw new Abstractions.Faults.UnsupportedException($"{device.Facts.Id} keeps KV pages of {GpuDevice.PageTokens} tokens, not {spec.PageTokens}.");
        foreach (var layer in spec.Layers)
            foreach (var type in new[] { layer.KeyType, layer.ValueType })
                if (!device.Info.KvTypes.Contains(type))
                    throw new Abstractions.Faults.UnsupportedException($"{device.Facts.Id} keeps KV caches of {string.Join(" and ", device.Info.KvTypes)}, not {type}.");
        Device = device;
        Pages = new KvPageLayout(spec, (long)device.Plain.TensorAlignment);
    }

    public GpuDevice Device { get; }

    /// <summary>Where everything lies in a page.</summary>
    public KvPageLayout Pages { get; }

    public KvCacheSpec Spec => Pages.Spec;

    public IBufferType BufferType => Device.Plain;

    public nuint PageBytes => (nuint)Pages.PageBytes;

    public unsafe void Read(KvPageRef page, int layer, KvPart part, int firstCell, Span<byte> rows)
    {
        var (buffer, layout) = Check(page, layer, part, firstCell, rows.Length);
        if (rows.IsEmpty) return;
        fixed (byte* pointer = rows)
        {
            var (to, length, bytes) = ((nint)pointer, rows.Length, checked((int)layout.Bytes));
            Device.Thread.Run(() =>
            {
                var staging = Device.Thread.StagingFor(bytes);
                Fetch(buffer, page, layout, staging.Half(0));
                layout.Gather(staging.Bytes(0)[..bytes], firstCell, new Span<byte>((void*)to, length));
            });
        }
    }

    public unsafe void Write(KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows)
    {
        var (buffer, layout) = Check(page, layer, part, firstCell, rows.Length);
        if (rows.IsEmpty) return;
        fixed (byte* pointer = rows)
        {
            var (from, length, bytes) = ((nint)pointer, rows.Length, checked((int)layout.Bytes));
            Device.Thread.Run(() =>
            {
                var driver = Device.Thread.Driver;
                var staging = Device.Thread.StagingFor(bytes);
                // Cells of a layer are strewn over its part of the page: it is fetched, changed and sent back.
                Fetch(buffer, page, layout, staging.Half(0));
                layout.Scatter(new ReadOnlySpan<byte>((void*)from, length), firstCell, staging.Bytes(0)[..bytes]);
                driver.Upload(staging.Half(0), At(buffer, page, layout));
                driver.Synchronize();
            });
        }
    }

    public void Copy(KvPageRef source, KvPageRef destination)
    {
        var (from, to) = (Check(source), Check(destination));
        Device.Thread.Run(() =>
        {
            Device.Thread.Driver.Copy(from.View.SubView((long)source.Offset, Pages.PageBytes), to.View.SubView((long)destination.Offset, Pages.PageBytes));
            Device.Thread.Driver.Synchronize();
        });
    }

    private void Fetch(DeviceBuffer buffer, KvPageRef page, KvPartLayout layout, nint memory)
    {
        Device.Thread.Driver.Download(At(buffer, page, layout), memory);
        Device.Thread.Driver.Synchronize();
    }

    private static ArrayView<byte> At(DeviceBuffer buffer, KvPageRef page, KvPartLayout layout) => buffer.View.SubView((long)page.Offset + layout.Offset, layout.Bytes);

    private (DeviceBuffer Buffer, KvPartLayout Layout) Check(KvPageRef page, int layer, KvPart part, int firstCell, int bytes)
    {
        var buffer = Check(page);
        var layout = Pages.Part(layer, part);
        layout.Cells(firstCell, bytes);
        return (buffer, layout);
    }

    private DeviceBuffer Check(KvPageRef page)
    {
        if (page.Buffer is not DeviceBuffer buffer || buffer.GpuType != Device.Plain)
            throw new ArgumentException($"The page does not lie in a buffer of {BufferType.Name}.", nameof(page));
        if (page.Offset > buffer.Length || PageBytes > buffer.Length - page.Offset)
            throw new ArgumentException($"A page of {PageBytes} bytes at {page.Offset} does not lie in a buffer of {buffer.Length}.", nameof(page));
        return buffer;
    }
}
