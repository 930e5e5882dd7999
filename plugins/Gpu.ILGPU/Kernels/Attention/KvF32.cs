namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>Single precision.</summary>
internal readonly struct KvF32 : IKvFormat
{
    public int PerWord => 1;
    public float Unpack(int word, int half) => BitConverter.Int32BitsToSingle(word);
    public int Replace(int word, int half, float value) => BitConverter.SingleToInt32Bits(value);
}
