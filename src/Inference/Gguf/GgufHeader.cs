using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Gguf;

/// <summary>
/// Reads the header of one file, metadata and tensor records, in one forward pass, and checks that every tensor lies
/// inside the file. Source of the layout: the GGUF format description of the ggml project, versions 2 and 3.
/// </summary>
internal static class GgufHeader
{
    /// <summary>All metadata and tensor records must lie in that many first bytes; real files need some 20 MiB at most.</summary>
    public const int MaxLength = 256 << 20;

    private const int MaxKeys = 1 << 16, MaxTensors = 1 << 20, MaxKeyBytes = 65535, MaxNameBytes = 64, MaxDimensions = 4;
    private const int DefaultAlignment = 32, MinAlignment = 8, MaxAlignment = 1 << 20;

    // The shortest records: a key of one byte with a value of one byte; a scalar tensor with a name of one byte.
    private const int MinKeyRecord = 8 + 1 + 4 + 1, MinTensorRecord = 8 + 1 + 4 + 4 + 8;

    /// <param name="bytes">The file from its start: all of it, or its first <see cref="MaxLength"/> bytes.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="file">Its index among the shards.</param>
    /// <exception cref="GgufException">The file is not a GGUF file that can be used.</exception>
    public static GgufShard Read(ReadOnlySpan<byte> bytes, long fileLength, string path, int file)
    {
        var cursor = new GgufCursor(bytes, fileLength, path);
        GgufSignature.Check(bytes, path);
        cursor.Take(4, "magic");
        var version = Version(ref cursor);
        var tensorCountAt = cursor.Position;
        var tensorCount = cursor.UInt64("tensor count");
        var keyCount = cursor.Count("key count", MinKeyRecord, MaxKeys);
        cursor.CheckCount(tensorCountAt, tensorCount, "tensor count", MinTensorRecord, MaxTensors);

        var entries = new GgufEntry[keyCount];
        var index = new Dictionary<string, GgufEntry>(keyCount);
        for (var i = 0; i < entries.Length; i++)
        {
            var start = cursor.Position;
            var entry = entries[i] = Entry(ref cursor);
            if (!index.TryAdd(entry.Key, entry))
                cursor.Fail(start, "key", "it appears twice", GgufCursor.Cures.Damaged);
        }

        cursor.Record = "";
        var metadata = new GgufMetadata(path, bytes[..cursor.Position].ToArray(), entries, index);
        var alignment = Alignment(metadata);

        // Counted again: the keys have taken their share.
        cursor.CheckCount(tensorCountAt, tensorCount, "tensor count", MinTensorRecord, MaxTensors);
        var tensors = new TensorRecord[(int)tensorCount];
        var names = new HashSet<string>(tensors.Length);
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = Tensor(ref cursor);
            if (!names.Add(tensors[i].Spec.Name))
                cursor.Fail(tensors[i].At, "name", "it appears twice", GgufCursor.Cures.Damaged);
        }

        return new(path, fileLength, version, metadata, GgufLayout.Place(tensors, cursor.Position, alignment, fileLength, path, file));
    }

    private static uint Version(ref GgufCursor cursor)
    {
        var start = cursor.Position;
        var version = cursor.UInt32("version");
        if (version is 2 or 3) return version;
        if (version != 0 && (version & 0xFFFF) == 0)
        {
            cursor.Fail(start, "version", $"the file is big-endian (version {BinaryPrimitives.ReverseEndianness(version)} with its bytes swapped)",
                "Get the little-endian file, or convert this one with gguf_convert_endian.py of llama.cpp");
        }

        if (version == 1)
            cursor.Fail(start, "version", "version 1 of the format is not supported; 2 and 3 are", "Convert the original model again with a current tool");
        cursor.Fail(start, "version", $"version {version} of the format is not known; 2 and 3 are",
            "The file is damaged, or newer than this program: look for an update");
        return 0;
    }

    private static GgufEntry Entry(ref GgufCursor cursor)
    {
        cursor.Record = "";
        var key = cursor.Record = cursor.Name("key", MaxKeyBytes);
        var type = ValueType(ref cursor, "value type");
        var (element, length, offset) = (type, 1, 0);
        int[]? starts = null;
        if (type == GgufValueType.String)
        {
            length = cursor.String("string").Length;
            offset = cursor.Position - length;
        }
        else if (type == GgufValueType.Array)
        {
            var start = cursor.Position;
            element = ValueType(ref cursor, "element type");
            if (element == GgufValueType.Array)
                cursor.Fail(start, "element type", "arrays of arrays are not supported", "Remove the key with gguf_new_metadata.py --remove-metadata or convert the model again");
            var size = GgufNumber.Size(element);
            length = cursor.Count("array length", size == 0 ? sizeof(ulong) : size, int.MaxValue - 1);
            offset = cursor.Position;
            if (size != 0)
                cursor.Take((ulong)length * (ulong)size, "array");
            else
                starts = Strings(ref cursor, length);
        }
        else
        {
            offset = cursor.Position;
            cursor.Take((ulong)GgufNumber.Size(type), "value");
        }

        return new() { Key = key, Type = type, ElementType = element, Length = length, Offset = offset, Starts = starts };
    }

    private static GgufValueType ValueType(ref GgufCursor cursor, string what)
    {
        var start = cursor.Position;
        var type = cursor.UInt32(what);
        if (type > (uint)GgufValueType.Float64)
            cursor.Fail(start, what, $"{type} is no type of the format (0 to 12)", GgufCursor.Cures.Damaged);
        return (GgufValueType)type;
    }

    private static int[] Strings(ref GgufCursor cursor, int count)
    {
        var starts = new int[count + 1];
        for (var i = 0; i < count; i++)
        {
            cursor.Element = i;
            starts[i] = cursor.Position + sizeof(ulong);
            cursor.String("string");
        }

        cursor.Element = -1;
        starts[count] = cursor.Position + sizeof(ulong);
        return starts;
    }

    private static int Alignment(GgufMetadata metadata)
    {
        const string Key = "general.alignment";
        var alignment = metadata.GetInt64(Key, DefaultAlignment);
        if (alignment is < MinAlignment or > MaxAlignment || !long.IsPow2(alignment))
        {
            throw metadata.Invalid(Key, $"{alignment} is not a power of two from {MinAlignment} to {MaxAlignment}",
                "The file is damaged or was written by a faulty tool; convert or download it again");
        }

        return (int)alignment;
    }

    private static TensorRecord Tensor(ref GgufCursor cursor)
    {
        var at = cursor.Position;
        cursor.Record = "";
        var name = cursor.Record = cursor.Name("tensor name", MaxNameBytes);
        var start = cursor.Position;
        var dimensions = cursor.UInt32("dimension count");
        if (dimensions > MaxDimensions)
            cursor.Fail(start, "dimension count", $"a tensor has at most {MaxDimensions} dimensions, this one {dimensions}", GgufCursor.Cures.Damaged);

        Span<long> extents = [1, 1, 1, 1];
        for (var i = 0; i < (int)dimensions; i++)
        {
            start = cursor.Position;
            var extent = cursor.UInt64("extent");
            if (extent > long.MaxValue)
                cursor.Fail(start, "extent", $"dimension {i} is {(long)extent}, an extent is not negative", GgufCursor.Cures.Damaged);
            extents[i] = (long)extent;
        }

        start = cursor.Position;
        var type = (TensorType)cursor.UInt32("tensor type");
        if (!TensorTypes.IsDefined(type))
        {
            cursor.Fail(start, "tensor type", $"{(uint)type} is no type of the format, or one that was removed from it",
                "Convert the original model again with a current tool; if the file is newer than this program, look for an update");
        }

        if (extents[0] % type.BlockLength() != 0)
        {
            cursor.Fail(start, "tensor type", $"a row of {extents[0]} elements is not a whole number of {type} blocks ({type.BlockLength()} elements each)",
                GgufCursor.Cures.Damaged);
        }

        if (!Fits(extents, type))
            cursor.Fail(at, "extent", $"[{string.Join(", ", extents.ToArray())}] of {type} is larger than any file can be", GgufCursor.Cures.Damaged);

        start = cursor.Position;
        var offset = cursor.UInt64("data offset");
        if (offset > long.MaxValue)
            cursor.Fail(start, "data offset", $"{offset} is beyond the end of any file", GgufCursor.Cures.Damaged);
        return new(new() { Name = name, Type = type, Shape = new(extents[0], extents[1], extents[2], extents[3]) }, (long)offset, at);
    }

    /// <summary>
    /// True if neither elements nor bytes overflow 63 bits. A zero extent counts as 1, so that the product is safe in whatever
    /// order it is taken later.
    /// </summary>
    private static bool Fits(ReadOnlySpan<long> extents, TensorType type)
    {
        UInt128 elements = 1, bytes = (UInt128)(Math.Max(extents[0], type.BlockLength()) / type.BlockLength()) * (uint)type.BlockBytes();
        for (var i = 0; i < extents.Length; i++)
        {
            var extent = (UInt128)Math.Max(extents[i], 1);
            elements *= extent;
            if (i > 0) bytes *= extent;
            if (elements > long.MaxValue || bytes > long.MaxValue) return false;
        }

        return true;
    }
}
