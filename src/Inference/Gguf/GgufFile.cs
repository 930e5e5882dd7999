using System.Diagnostics.CodeAnalysis;

namespace Hotplug.Inference.Gguf;

/// <summary>
/// The header of a GGUF model, in one file or split over several: metadata, and where each tensor lies. Holds no file open and
/// maps nothing once opened; the tensor data is not touched. Immutable, safe from any thread.
/// </summary>
/// <remarks>Versions 2 and 3, little-endian. Types that no backend computes with are read all the same; a model that uses them is refused by whoever builds it.</remarks>
public sealed class GgufFile
{
    private readonly Dictionary<string, GgufTensor> _index;

    private GgufFile(GgufShard[] shards)
    {
        Paths = Array.AsReadOnly(Array.ConvertAll(shards, shard => shard.Path));
        FileLengths = Array.AsReadOnly(Array.ConvertAll(shards, shard => shard.FileLength));
        (Version, Metadata) = (shards[0].Version, shards[0].Metadata);
        var tensors = shards.Length == 1 ? shards[0].Tensors : [.. shards.SelectMany(shard => shard.Tensors)];
        Tensors = Array.AsReadOnly(tensors);
        _index = new(tensors.Length);
        foreach (var tensor in tensors)
        {
            if (!_index.TryAdd(tensor.Spec.Name, tensor))
                throw GgufSplit.Duplicate(shards, tensor, _index[tensor.Spec.Name]);

            // Cannot overflow: the tensors of a file do not overlap and lie inside it.
            TotalWeightBytes += tensor.Spec.ByteLength;
        }
    }

    /// <summary>The files, in the order of their shards.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Bytes of each file when it was opened; if they differ later, the places of the tensors are void.</summary>
    public IReadOnlyList<long> FileLengths { get; }

    /// <summary>Version of the format: 2 or 3.</summary>
    public uint Version { get; }

    /// <summary>The metadata, of a split model that of its first shard.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>All tensors: shard by shard, in each in the order of its records.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Bytes of all tensors without padding.</summary>
    public long TotalWeightBytes { get; }

    /// <summary>Finds a tensor by name.</summary>
    public bool TryFindTensor(string name, [MaybeNullWhen(false)] out GgufTensor tensor) => _index.TryGetValue(name, out tensor);

    /// <summary>
    /// Opens a model. Given the first shard of a split model (<c>…-00001-of-0000N.gguf</c>), opens the others beside it.
    /// Reads the headers only, and closes the files before it returns.
    /// </summary>
    /// <exception cref="GgufException">A file is damaged, unsupported, or cannot be read; a shard is missing.</exception>
    /// <exception cref="FileNotFoundException">There is no file at <paramref name="path"/>.</exception>
    /// <exception cref="UnauthorizedAccessException"><paramref name="path"/> may not be read, or is a directory.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var first = GgufSource.Read(path, 0);
        return new(GgufSplit.Follow(first));
    }

    /// <summary>Reads a model that is one file, from memory.</summary>
    /// <exception cref="GgufException">It is damaged or unsupported, or a shard of a split model.</exception>
    internal static GgufFile Parse(ReadOnlySpan<byte> bytes, string name)
    {
        var shard = GgufHeader.Read(bytes, bytes.Length, name, 0);
        return new([GgufSplit.RequireWhole(shard)]);
    }
}
