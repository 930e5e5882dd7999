using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Reference.Execution;
using Hotplug.Testing.Data;
using Hotplug.Testing.Memory;

namespace Hotplug.Testing.Graphs;

/// <summary>Pages on a device, in several buffers, poisoned at first.</summary>
public sealed class DeviceKvCache
{
    private const int WishedPagesPerBuffer = 3;

    /// <summary>Makes the pages.</summary>
    /// <param name="run">Makes the buffers.</param>
    /// <param name="device">The device.</param>
    /// <param name="spec">The cache.</param>
    /// <param name="pageCount">Pages.</param>
    public DeviceKvCache(ITestMemory run, IDevice device, KvCacheSpec spec, int pageCount)
    {
        Layout = device.PrepareKvCache(spec);
        var type = Layout.BufferType;
        Expect.True(Layout.PageBytes > 0 && Layout.PageBytes % type.TensorAlignment == 0 && Layout.PageBytes <= type.MaxLength,
            $"A page of {Layout.PageBytes} bytes is no multiple of the tensor alignment {type.TensorAlignment}, or larger than the largest allocation {type.MaxLength}.");
        var perBuffer = (int)nuint.Min(WishedPagesPerBuffer, type.MaxLength / Layout.PageBytes);
        var buffers = new List<IBuffer>();
        for (var first = 0; first < pageCount; first += perBuffer)
        {
            var buffer = run.Allocate(type, (nuint)Math.Min(perBuffer, pageCount - first) * Layout.PageBytes, BufferUsage.KvCache);
            Poisoning.Fill(buffer);
            buffers.Add(buffer.Buffer);
        }
        Pool = new KvPool(Layout, buffers, perBuffer, pageCount);
    }

    /// <summary>The device's layout.</summary>
    public IKvLayout Layout { get; }

    /// <summary>The pages.</summary>
    public KvPool Pool { get; }

    /// <summary>Writes all cells of a cache in the neutral form.</summary>
    public void Load(ReferenceKvCache source)
    {
        for (var page = 0; page < Pool.PageCount; page++)
            foreach (var layer in Layout.Spec.Layers)
                foreach (var part in Enum.GetValues<KvPart>())
                    Layout.Write(Pool.Locate(page), layer.Layer, part, 0, source.Cells(page, layer.Layer, part, 0, Layout.Spec.PageTokens));
    }

    /// <summary>Reads cells in the neutral form.</summary>
    public byte[] Read(int page, int layer, KvPart part, int firstCell, int cells)
    {
        var entry = Layout.Spec.Layer(layer);
        var bytes = new byte[cells * (part == KvPart.Keys ? entry.KeyRowBytes : entry.ValueRowBytes)];
        Layout.Read(Pool.Locate(page), layer, part, firstCell, bytes);
        return bytes;
    }

    /// <summary>Compares every cell with a cache on the reference's side.</summary>
    public void ExpectSame(ReferenceKvCache expected, string what)
    {
        for (var page = 0; page < Pool.PageCount; page++)
            foreach (var layer in Layout.Spec.Layers)
                foreach (var part in Enum.GetValues<KvPart>())
                    Expect.SameBytes($"{what}: {part} of layer {layer.Layer}, page {page}", expected.Cells(page, layer.Layer, part, 0, Layout.Spec.PageTokens),
                        Read(page, layer.Layer, part, 0, Layout.Spec.PageTokens));
    }
}
