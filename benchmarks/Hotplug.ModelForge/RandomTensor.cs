using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;

namespace Hotplug.ModelForge;

/// <summary>
/// Random elements of a tensor, row by row, so that a tensor of any size takes the memory of a row. Elements are normally distributed, in a size that keeps
/// what goes through the model in size; types that have no quantiser here get random blocks. Where a tensor has more rows than are to be different, the first
/// ones are repeated in random order: drawing and quantising 10^9 numbers takes minutes, and neither the memory nor a kernel notices.
/// </summary>
internal static class RandomTensor
{
    public static void Write(in TensorSpec spec, TensorRole role, int seed, int distinctRows, Stream stream)
    {
        // A seed per tensor: a tensor stays the same when others change.
        var random = new Random(HashCode(spec.Name, seed));
        var (mean, deviation) = role switch
        {
            TensorRole.Norm => (1f, 0.1f),
            TensorRole.Bias => (0f, 0.1f),
            TensorRole.Table => (0f, 1f),
            _ => (0f, 1f / MathF.Sqrt(spec.Shape.D0)),
        };
        var isWritable = Quantizer.Types.Contains(spec.Type);
        var values = new float[isWritable ? spec.Shape.D0 : 0];
        var distinct = distinctRows > 0 ? Math.Min(distinctRows, spec.RowCount) : spec.RowCount;
        var bytes = new byte[spec.RowBytes];
        var kept = new byte[distinct < spec.RowCount ? distinct : 0][];
        for (long row = 0; row < distinct; row++)
        {
            Fill(spec.Type, mean, deviation, random, values, bytes);
            stream.Write(bytes);
            if (row < kept.Length) kept[row] = [.. bytes];
        }
        for (var row = distinct; row < spec.RowCount; row++) stream.Write(kept[random.Next(kept.Length)]);
    }

    private static void Fill(TensorType type, float mean, float deviation, Random random, Span<float> values, Span<byte> bytes)
    {
        if (values.Length == 0)
        {
            RandomBlocks.Fill(type, BlockKind.Ordinary, random, bytes);
            return;
        }
        for (var i = 0; i < values.Length; i++) values[i] = mean + deviation * Normal(random);
        if (type == TensorType.F32 && BitConverter.IsLittleEndian) MemoryMarshal.AsBytes(values).CopyTo(bytes);
        else Quantizer.Write(type, values, bytes);
    }

    /// <summary>A normally distributed number (Box and Muller, 1958).</summary>
    private static float Normal(Random random)
        => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    // FNV-1a; the same on every machine and in every process.
    private static int HashCode(string name, int seed)
    {
        var hash = 2166136261u ^ (uint)seed;
        foreach (var c in name) hash = (hash ^ c) * 16777619;
        return (int)(hash & int.MaxValue);
    }
}
