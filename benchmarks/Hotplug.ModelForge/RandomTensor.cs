using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;

namespace Hotplug.ModelForge;

/// <summary>
/// Random elements of a tensor, row by row, so that a tensor of any size takes the memory of a row. Elements are normally distributed, in a size that keeps
/// what goes through the model in size; types that have no quantiser here get random blocks.
/// </summary>
internal static class RandomTensor
{
    public static void Write(in TensorSpec spec, TensorRole role, int seed, Stream stream)
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
        var bytes = new byte[spec.RowBytes];
        for (long row = 0; row < spec.RowCount; row++)
        {
            if (!isWritable)
            {
                RandomBlocks.Fill(spec.Type, BlockKind.Ordinary, random, bytes);
            }
            else
            {
                for (var i = 0; i < values.Length; i++) values[i] = mean + deviation * Normal(random);
                if (spec.Type == TensorType.F32 && BitConverter.IsLittleEndian) MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes);
                else Quantizer.Write(spec.Type, values, bytes);
            }
            stream.Write(bytes);
        }
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
