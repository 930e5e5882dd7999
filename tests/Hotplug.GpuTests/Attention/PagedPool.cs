using System.Runtime.InteropServices;
using Hotplug.Abstractions.KvCache;
using Hotplug.Accelerators.KvCache;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Execution;
using ILGPU;
using Xunit;

namespace Hotplug.GpuTests.Attention;

/// <summary>The pages of a reference cache in device memory, in several buffers.</summary>
internal sealed class PagedPool
{
    private readonly int _pagesPerBuffer, _pageCount;
    private readonly ArrayView<int>[] _buffers;

    public PagedPool(DeviceArrays arrays, ReferenceKvCache cache, int pagesPerBuffer)
    {
        Layout = new KvPageLayout(cache.Spec, 64);
        (_pagesPerBuffer, _pageCount) = (pagesPerBuffer, cache.PageCount);
        _buffers = new ArrayView<int>[(cache.PageCount + pagesPerBuffer - 1) / pagesPerBuffer];
        for (var b = 0; b < _buffers.Length; b++)
        {
            var bytes = new byte[pagesPerBuffer * Layout.PageBytes];
            for (var p = 0; p < pagesPerBuffer && b * pagesPerBuffer + p < _pageCount; p++)
                foreach (var layer in cache.Spec.Layers)
                    foreach (var part in Enum.GetValues<KvPart>())
                    {
                        var place = Layout.Part(layer.Layer, part);
                        place.Scatter(cache.Cells(b * pagesPerBuffer + p, layer.Layer, part, 0, cache.Spec.PageTokens), 0,
                            bytes.AsSpan((int)(p * Layout.PageBytes + place.Offset), (int)place.Bytes));
                    }
            _buffers[b] = arrays.Upload(MemoryMarshal.Cast<byte, int>(bytes).ToArray());
        }
    }

    public KvPageLayout Layout { get; }

    public int BufferCount => _buffers.Length;

    public ArrayView<int> Words(int buffer) => _buffers[buffer];

    public PagedLayer Layer(int layer, int buffer) => PagedLayer.Of(Layout, layer, buffer, _pagesPerBuffer);

    /// <summary>All cells of a page in the neutral form.</summary>
    public byte[] Read(int page, int layer, KvPart part)
    {
        var words = DeviceArrays.Read(_buffers[page / _pagesPerBuffer], _pagesPerBuffer * Layout.PageBytes / 4);
        var place = Layout.Part(layer, part);
        var rows = new byte[place.CellBytes * Layout.Spec.PageTokens];
        place.Gather(MemoryMarshal.AsBytes<int>(words).Slice((int)(page % _pagesPerBuffer * Layout.PageBytes + place.Offset), (int)place.Bytes), 0, rows);
        return rows;
    }

    /// <summary>The pages hold, bit for bit, what a reference cache does.</summary>
    public void ExpectSame(ReferenceKvCache expected)
    {
        for (var page = 0; page < _pageCount; page++)
            foreach (var layer in expected.Spec.Layers)
                foreach (var part in Enum.GetValues<KvPart>())
                {
                    var wish = expected.Cells(page, layer.Layer, part, 0, expected.Spec.PageTokens);
                    var is_ = Read(page, layer.Layer, part);
                    if (wish.SequenceEqual(is_)) continue;
                    var at = wish.CommonPrefixLength(is_);
                    Assert.Fail($"{part} of layer {layer.Layer}, page {page}: byte {at} of {is_.Length} is {is_[at]:x2}, and must be {wish[at]:x2}.");
                }
    }
}
