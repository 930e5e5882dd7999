namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>BFloat16, two in a word.</summary>
internal readonly struct KvBF16 : IKvFormat
{
    public int PerWord => 2;
    public float Unpack(int word, int half) => Numbers.BFloat16ToFloat(word >> (half << 4));
    public int Replace(int word, int half, float value) => word & ~(0xFFFF << (half << 4)) | Numbers.FloatToBFloat16(value) << (half << 4);
}
