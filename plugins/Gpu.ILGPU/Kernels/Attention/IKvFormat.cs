namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>An element type of a KV cache, as it lies in words of 32 bits. Implementations have no fields; kernels are closed over them.</summary>
internal interface IKvFormat
{
    /// <summary>Elements in a word: 1 or 2.</summary>
    int PerWord { get; }

    /// <summary>The element of a word: 0 for the low half, 1 for the high one.</summary>
    float Unpack(int word, int half);

    /// <summary>A word with one element replaced, rounded to nearest, ties to even; the bits of the other stay as they are.</summary>
    int Replace(int word, int half, float value);
}
