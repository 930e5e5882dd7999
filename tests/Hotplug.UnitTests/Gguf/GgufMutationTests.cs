using System.Buffers.Binary;
using Hotplug.Inference.Gguf;
using Xunit;

namespace Hotplug.UnitTests.Gguf;

/// <summary>
/// Random damage to small files: each either opens or is refused with <see cref="GgufException"/>, at a cost in proportion to its
/// length, and what opens can be used without harm.
/// </summary>
public sealed class GgufMutationTests
{
    private const int Mutations = 100_000;
    private static readonly ulong[] Extremes =
    [
        0, 1, 2, 7, 8, 12, 13, 31, 63, 64, 255, 256, 0x7FFF, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
        1UL << 59, 1UL << 60, 1UL << 61, 1UL << 62, (1UL << 63) - 32, (1UL << 63) - 1, 1UL << 63, ulong.MaxValue - 31, ulong.MaxValue,
    ];

    [Fact]
    public void A_hundred_thousand_damaged_files_open_or_are_refused()
    {
        var seeds = GgufSeeds.All();
        var random = new Random(20_240_607);
        var (opened, refused) = (0, 0);
        foreach (var seed in seeds) Try(seed, "seed");
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Damaged(seeds, random);
            if (Try(bytes, $"mutation {i}")) opened++; else refused++;
        }

        // Damage that never shows, or always in the first bytes, would test nothing.
        Assert.InRange(opened, Mutations / 50, Mutations);
        Assert.InRange(refused, Mutations / 4, Mutations);
    }

    private static bool Try(byte[] bytes, string what)
    {
        var (file, allocated) = Open(bytes, what);
        // The runtime now and then allocates something of its own on this thread; what the reader allocates comes again.
        if (allocated > GgufSeeds.AllocationBound(bytes.Length)) allocated = Math.Min(allocated, Open(bytes, what).Allocated);
        if (allocated > GgufSeeds.AllocationBound(bytes.Length)) Assert.Fail($"{what}: {allocated} bytes allocated for a file of {bytes.Length}");
        if (file is not null) Use(file, bytes.Length, what);
        return file is not null;
    }

    private static (GgufFile? File, long Allocated) Open(byte[] bytes, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        GgufFile? file = null;
        try
        {
            file = GgufFile.Parse(bytes, "mutated.gguf");
        }
        catch (GgufException error)
        {
            if (error.Offset < 0 || error.Offset > bytes.Length || error.Field.Length == 0)
                Assert.Fail($"{what}: place {error.Offset} of {bytes.Length}, field '{error.Field}'");
        }
        catch (Exception other)
        {
            Assert.Fail($"{what}: {other}");
        }

        return (file, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Touches what a reader of the model would touch.</summary>
    private static void Use(GgufFile file, long length, string what)
    {
        var used = 0L;
        foreach (var tensor in file.Tensors)
        {
            used += tensor.Spec.ByteLength;
            if (tensor.FileOffset < 0 || tensor.FileOffset + tensor.Spec.ByteLength > length) Assert.Fail($"{what}: {tensor} is outside");
        }

        if (used > length) Assert.Fail($"{what}: {used} bytes of tensors in {length}");
        foreach (var entry in file.Metadata.Entries)
        {
            file.Metadata.Preview(entry);
            if (!entry.IsArray || entry.ElementType != GgufValueType.String || !file.Metadata.TryGetStringArray(entry.Key, out var strings)) continue;
            var text = 0L;
            for (var i = 0; i < strings.Count; i++) text += strings[i].Length;
            if (text > length) Assert.Fail($"{what}: {entry.Key} is longer than its file");
        }
    }

    private static byte[] Damaged(byte[][] seeds, Random random)
    {
        var bytes = seeds[random.Next(seeds.Length)].ToArray();
        for (var rounds = random.Next(1, 4); rounds > 0 && bytes.Length > 0; rounds--)
        {
            // Most of the interest lies in the header: half of the damage goes to the first 200 bytes.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Length, 200) : bytes.Length);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when at + 8 <= bytes.Length:
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Extremes[random.Next(Extremes.Length)]);
                    break;
                case 3 when at + 4 <= bytes.Length:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)Extremes[random.Next(Extremes.Length)]);
                    break;
                case 4:
                    bytes = bytes[..at];
                    break;
                case 5:
                    var other = seeds[random.Next(seeds.Length)];
                    var from = random.Next(other.Length);
                    bytes = [.. bytes.AsSpan(0, at), .. other.AsSpan(from, random.Next(other.Length - from)), .. bytes.AsSpan(at)];
                    break;
                case 6:
                    var until = at + random.Next(Math.Min(bytes.Length - at, 40));
                    bytes = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(until)];
                    break;
            }
        }

        return bytes;
    }
}
