using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>The upper half of single precision, two to a word.</summary>
internal struct BF16 : IElementFormat
{
    public float Load(ArrayView<int> words, long index) => Numbers.BFloat16ToFloat(words[index >> 1] >> (16 * (int)(index & 1)));

    public ElementPair LoadPair(ArrayView<int> words, long pair)
    {
        var word = words[pair];
        ElementPair result;
        result.First = Numbers.BFloat16ToFloat(word);
        result.Second = Numbers.AsFloat(word & unchecked((int)0xFFFF0000));
        return result;
    }
}
