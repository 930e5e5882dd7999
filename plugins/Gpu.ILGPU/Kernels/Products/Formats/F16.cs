using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Half precision, two to a word.</summary>
internal struct F16 : IElementFormat
{
    public float Load(ArrayView<int> words, long index) => Numbers.HalfToFloat(words[index >> 1] >> (16 * (int)(index & 1)));

    public ElementPair LoadPair(ArrayView<int> words, long pair)
    {
        var word = words[pair];
        ElementPair result;
        result.First = Numbers.HalfToFloat(word);
        result.Second = Numbers.HalfToFloat(word >> 16);
        return result;
    }
}
