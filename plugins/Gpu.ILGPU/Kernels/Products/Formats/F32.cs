using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Single precision.</summary>
internal struct F32 : IElementFormat
{
    public float Load(ArrayView<int> words, long index) => Numbers.AsFloat(words[index]);

    public ElementPair LoadPair(ArrayView<int> words, long pair)
    {
        ElementPair result;
        result.First = Numbers.AsFloat(words[2 * pair]);
        result.Second = Numbers.AsFloat(words[2 * pair + 1]);
        return result;
    }
}
