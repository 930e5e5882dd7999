using Hotplug.Abstractions.Tensors;

namespace Hotplug.Testing.Data;

/// <summary>Random tensors for tests that store bytes and do not compute with them.</summary>
public static class RandomRows
{
    /// <summary>Any bytes at all: storing is lossless whatever they mean.</summary>
    public static byte[] Bytes(Random random, long length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A small tensor of a type: up to four dimensions, a few blocks long, up to <paramref name="maxRows"/> rows.</summary>
    public static TensorSpec Spec(Random random, TensorType type, int maxRows = 9, string name = "tensor")
    {
        long row = (long)type.BlockLength() * random.Next(1, 4);
        if (type.BlockLength() == 1) row = random.Next(1, 70);
        var shape = random.Next(3) switch
        {
            0 => new TensorShape(row, random.Next(1, maxRows + 1)),
            1 => new TensorShape(row, random.Next(1, 4), random.Next(1, Math.Max(2, maxRows / 3))),
            _ => new TensorShape(row, random.Next(1, 3), random.Next(1, 3), random.Next(1, 3)),
        };
        return new TensorSpec { Name = name, Type = type, Shape = shape };
    }
}
