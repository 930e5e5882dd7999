using System.Buffers.Binary;
using System.Text;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;

namespace Hotplug.UnitTests.Gguf;

/// <summary>
/// Writes GGUF files, right ones and wrong ones: whatever is not said otherwise is as the format wants it, and every count,
/// length and offset can be forged.
/// </summary>
internal sealed class GgufForge
{
    private readonly List<byte[]> _keys = [];
    private readonly List<(string Name, uint[] Header, ulong[] Extents, ulong? Offset, long Bytes)> _tensors = [];

    public byte[] Magic { get; set; } = "GGUF"u8.ToArray();
    public uint Version { get; set; } = 3;
    public ulong? KeyCount { get; set; }
    public ulong? TensorCount { get; set; }
    public int Alignment { get; set; } = 32;

    /// <summary>Bytes of data at the end; as many as the tensors need if null.</summary>
    public long? DataBytes { get; set; }

    public static byte[] U32(uint value) => Bytes(4, span => BinaryPrimitives.WriteUInt32LittleEndian(span, value));
    public static byte[] U64(ulong value) => Bytes(8, span => BinaryPrimitives.WriteUInt64LittleEndian(span, value));
    public static byte[] Text(string value) => Text(Encoding.UTF8.GetBytes(value));
    public static byte[] Text(byte[] value) => [.. U64((ulong)value.Length), .. value];
    public static byte[] Array(GgufValueType element, ulong count, params byte[] elements) => [.. U32((uint)element), .. U64(count), .. elements];

    public static byte[] Number(GgufValueType type, Int128 value) => type switch
    {
        GgufValueType.Float32 => Bytes(4, span => BinaryPrimitives.WriteSingleLittleEndian(span, (float)value)),
        GgufValueType.Float64 => Bytes(8, span => BinaryPrimitives.WriteDoubleLittleEndian(span, (double)value)),
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => [(byte)value],
        GgufValueType.UInt16 or GgufValueType.Int16 => U64((ulong)value)[..2],
        GgufValueType.UInt32 or GgufValueType.Int32 => U64((ulong)value)[..4],
        _ => U64((ulong)value),
    };

    /// <summary>Adds a key whose value is <paramref name="payload"/> as it stands in the file, behind its type.</summary>
    public GgufForge Key(string key, uint type, byte[] payload) => Raw([.. Text(key), .. U32(type), .. payload]);

    /// <summary>Adds the bytes of one key record.</summary>
    public GgufForge Raw(byte[] record)
    {
        _keys.Add(record);
        return this;
    }

    public GgufForge String(string key, string value) => Key(key, (uint)GgufValueType.String, Text(value));
    public GgufForge UInt32(string key, uint value) => Key(key, (uint)GgufValueType.UInt32, U32(value));
    public GgufForge UInt16(string key, ushort value) => Integer(key, GgufValueType.UInt16, value);
    public GgufForge Integer(string key, GgufValueType type, Int128 value) => Key(key, (uint)type, Number(type, value));
    public GgufForge Float(string key, float value) =>
        Key(key, (uint)GgufValueType.Float32, Bytes(4, span => BinaryPrimitives.WriteSingleLittleEndian(span, value)));

    public GgufForge Integers(string key, GgufValueType type, params long[] values) =>
        Key(key, (uint)GgufValueType.Array, Array(type, (ulong)values.Length, [.. values.SelectMany(value => Number(type, value))]));

    public GgufForge Strings(string key, params string[] values) =>
        Key(key, (uint)GgufValueType.Array, Array(GgufValueType.String, (ulong)values.Length, [.. values.SelectMany(Text)]));

    /// <summary>Adds a tensor right behind the one before.</summary>
    public GgufForge Tensor(string name, TensorType type, params ulong[] extents) => TensorAt(null, name, type, extents);

    /// <summary>Adds a tensor at an offset of the data section.</summary>
    public GgufForge TensorAt(ulong? offset, string name, TensorType type, params ulong[] extents) =>
        RawTensor(name, (uint)extents.Length, (uint)type, offset, extents);

    /// <summary>Adds a tensor record as given; it counts for the data only as far as it makes sense.</summary>
    public GgufForge RawTensor(string name, uint dimensions, uint type, ulong? offset, params ulong[] extents)
    {
        var bytes = 0L;
        try
        {
            var shape = extents.Select(extent => checked((long)extent)).Concat([1L, 1, 1, 1]).ToArray();
            bytes = new TensorSpec { Type = (TensorType)type, Shape = new(shape[0], shape[1], shape[2], shape[3]) }.ByteLength;
        }
        catch (Exception nonsense) when (nonsense is OverflowException or ArgumentException)
        {
        }

        _tensors.Add((name, [dimensions, type], extents, offset, bytes < 1 << 24 ? bytes : 0));
        return this;
    }

    public byte[] ToArray()
    {
        var file = new MemoryStream();
        file.Write(Magic);
        file.Write(U32(Version));
        file.Write(U64(TensorCount ?? (ulong)_tensors.Count));
        file.Write(U64(KeyCount ?? (ulong)_keys.Count));
        foreach (var key in _keys) file.Write(key);
        var next = 0UL;
        foreach (var (name, header, extents, offset, bytes) in _tensors)
        {
            file.Write(Text(name));
            file.Write(U32(header[0]));
            foreach (var extent in extents) file.Write(U64(extent));
            file.Write(U32(header[1]));
            file.Write(U64(offset ?? next));
            next = Math.Max(next, Padded((offset ?? next) % (1UL << 30) + (ulong)bytes));
        }

        if (_tensors.Count > 0 || DataBytes > 0)
        {
            while (file.Length % Alignment != 0) file.WriteByte(0);
            for (var left = DataBytes ?? (long)Math.Min(next, 1UL << 24); left > 0; left--) file.WriteByte((byte)left);
        }

        return file.ToArray();
    }

    private ulong Padded(ulong value) => (value + (ulong)Alignment - 1) / (ulong)Alignment * (ulong)Alignment;

    private static byte[] Bytes(int count, Action<Span<byte>> write)
    {
        var bytes = new byte[count];
        write(bytes);
        return bytes;
    }
}
