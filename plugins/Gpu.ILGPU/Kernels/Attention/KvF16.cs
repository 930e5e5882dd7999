namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>Half precision, two in a word.</summary>
internal readonly struct KvF16 : IKvFormat
{
    public int PerWord => 2;
    public float Unpack(int word, int half) => Numbers.HalfToFloat(word >> (half << 4));
    public int Replace(int word, int half, float value) => word & ~(0xFFFF << (half << 4)) | Numbers.FloatToHalf(value) << (half << 4);
}
