using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>How lanes read elements of a plain type in the standard layout, which need not start at a word in every row.</summary>
internal interface IElementFormat
{
    /// <summary>Element <paramref name="index"/> of the tensor, exactly.</summary>
    float Load(ArrayView<int> words, long index);

    /// <summary>Elements 2·<paramref name="pair"/> and 2·pair + 1 of the tensor.</summary>
    ElementPair LoadPair(ArrayView<int> words, long pair);
}
