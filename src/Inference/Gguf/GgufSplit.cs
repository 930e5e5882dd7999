using System.Globalization;

namespace Hotplug.Inference.Gguf;

/// <summary>
/// Models split over several files, named <c>NAME-00001-of-0000N.gguf</c>: each says which shard it is and of how many; the first
/// has the metadata of the model and the number of all tensors.
/// </summary>
internal static class GgufSplit
{
    private const string NumberKey = "split.no", CountKey = "split.count", TensorsKey = "split.tensors.count";

    /// <summary>Opens the shards that belong to <paramref name="first"/>, and checks that they do.</summary>
    /// <returns>All shards in order; just the first of a model that is not split.</returns>
    /// <exception cref="GgufException">A shard is missing, damaged, or not of this model.</exception>
    public static GgufShard[] Follow(GgufShard first)
    {
        var (number, count) = Position(first);
        if (count == 1) return [first];
        if (number != 0)
        {
            throw first.Metadata.Invalid(NumberKey, $"this is shard {number + 1} of {count}",
                $"Give the first one, {Name(first, number, 0, count) ?? $"…-00001-of-{count:D5}.gguf"}");
        }

        var shards = new List<GgufShard> { first };
        for (var i = 1; i < count; i++)
            shards.Add(Shard(first, i, count));

        var total = shards.Sum(shard => (long)shard.Tensors.Length);
        if (first.Metadata.GetInt64(TensorsKey, total) is var stated && stated != total)
        {
            throw first.Metadata.Invalid(TensorsKey, $"the model has {stated} tensors, its {count} files have {total}",
                "Files of different models were mixed, or one is damaged; download all shards again");
        }

        return [.. shards];
    }

    /// <summary>Returns <paramref name="shard"/> if it is a whole model by itself.</summary>
    /// <exception cref="GgufException">It is one of several shards.</exception>
    public static GgufShard RequireWhole(GgufShard shard)
    {
        var (number, count) = Position(shard);
        return count == 1 ? shard : throw shard.Metadata.Invalid(CountKey, $"this is shard {number + 1} of {count}", "Open the model from its files");
    }

    /// <summary>The error for a tensor that is in two shards.</summary>
    public static GgufException Duplicate(GgufShard[] shards, GgufTensor second, GgufTensor first) =>
        new(shards[second.File].Path, second.FileOffset, $"{second.Spec.Name}: data", $"the tensor is in {shards[first.File].Path} as well",
            "Files of different models were mixed; download all shards again");

    private static GgufShard Shard(GgufShard first, int number, int count)
    {
        var path = Name(first, 0, number, count) ?? throw first.Metadata.Invalid(CountKey,
            $"this is the first of {count} shards, but the file is not named …-00001-of-{count:D5}.gguf, so the others cannot be found",
            "Give all shards their original names back");
        GgufShard shard;
        try
        {
            shard = GgufSource.Read(path, number);
        }
        catch (FileNotFoundException missing)
        {
            throw new GgufException(path, 0, "file", $"shard {number + 1} of {count} is missing", "Put all shards into one folder, or merge them with llama-gguf-split", missing);
        }

        if (Position(shard) is var actual && actual != (number, count))
        {
            throw shard.Metadata.Invalid(actual.Count == count ? NumberKey : CountKey,
                $"the file says that it is shard {actual.Number + 1} of {actual.Count}, its name that it is {number + 1} of {count}",
                "Give all shards their original names back, or download this one again");
        }

        return shard;
    }

    private static (int Number, int Count) Position(GgufShard shard)
    {
        var count = shard.Metadata.GetInt32(CountKey, 1, 0, ushort.MaxValue);

        // Some writers state 0 for a model that is not split.
        count = Math.Max(count, 1);
        var number = shard.Metadata.GetInt32(NumberKey, count == 1 ? 0 : null, 0, ushort.MaxValue);
        return number < count ? (number, count)
            : throw shard.Metadata.Invalid(NumberKey, $"shard {number + 1} of {count} cannot be", GgufCursor.Cures.Damaged);
    }

    /// <summary>The path of shard <paramref name="wanted"/>, if <paramref name="shard"/> is named as number <paramref name="own"/> of <paramref name="count"/>.</summary>
    private static string? Name(GgufShard shard, int own, int wanted, int count)
    {
        var suffix = Suffix(own);
        return shard.Path.EndsWith(suffix, StringComparison.Ordinal) ? string.Concat(shard.Path.AsSpan(0, shard.Path.Length - suffix.Length), Suffix(wanted)) : null;

        string Suffix(int number) => string.Create(CultureInfo.InvariantCulture, $"-{number + 1:D5}-of-{count:D5}.gguf");
    }
}
