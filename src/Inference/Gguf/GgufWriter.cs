using System.Text;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Gguf;

/// <summary>
/// Writes GGUF files of version 3 with the default alignment. Metadata and tensors are collected first and written in that order; the bytes of a tensor are made when they are written,
/// or are written by the caller behind <see cref="WriteHeader"/>. Not thread-safe.
/// </summary>
public sealed class GgufWriter
{
    private const int Alignment = 32;
    private readonly MemoryStream _metadata = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly BinaryWriter _entries;
    private readonly List<(TensorSpec Spec, Action<Stream>? Write)> _tensors = [];

    /// <summary>A file with nothing in it.</summary>
    public GgufWriter() => _entries = new(_metadata, Encoding.UTF8);

    /// <summary>Adds a text.</summary>
    public void Add(string key, string value)
    {
        Key(key, 8);
        Text(_entries, value);
    }

    /// <summary>Adds a count.</summary>
    public void Add(string key, int value)
    {
        Key(key, 4);
        _entries.Write((uint)value);
    }

    /// <summary>Adds a number.</summary>
    public void Add(string key, float value)
    {
        Key(key, 6);
        _entries.Write(value);
    }

    /// <summary>Adds a truth value.</summary>
    public void Add(string key, bool value)
    {
        Key(key, 7);
        _entries.Write(value);
    }

    /// <summary>Adds texts.</summary>
    public void Add(string key, IReadOnlyList<string> values)
    {
        Array(key, 8, values.Count);
        foreach (var value in values) Text(_entries, value);
    }

    /// <summary>Adds numbers.</summary>
    public void Add(string key, IReadOnlyList<float> values)
    {
        Array(key, 6, values.Count);
        foreach (var value in values) _entries.Write(value);
    }

    /// <summary>Adds counts.</summary>
    public void Add(string key, IReadOnlyList<int> values)
    {
        Array(key, 5, values.Count);
        foreach (var value in values) _entries.Write(value);
    }

    /// <summary>Adds bytes.</summary>
    public void Add(string key, ReadOnlySpan<byte> values)
    {
        Array(key, 0, values.Length);
        _entries.Write(values);
    }

    /// <summary>Adds a value of one of the types above.</summary>
    /// <exception cref="ArgumentException">It is of another type.</exception>
    public void Add(string key, object value)
    {
        switch (value)
        {
            case string v: Add(key, v); break;
            case int v: Add(key, v); break;
            case float v: Add(key, v); break;
            case bool v: Add(key, v); break;
            case IReadOnlyList<int> v: Add(key, v); break;
            case IReadOnlyList<float> v: Add(key, v); break;
            case IReadOnlyList<string> v: Add(key, v); break;
            default: throw new ArgumentException($"{key}: a value of type {value.GetType().Name} has no counterpart in the format.", nameof(value));
        }
    }

    /// <summary>Copies a value as it is.</summary>
    /// <exception cref="ArgumentException">There is one under its key.</exception>
    public void Add(GgufMetadata metadata, GgufEntry entry)
    {
        Key(entry.Key, (int)entry.Type);
        _entries.Write(metadata.Encoded(entry));
    }

    /// <summary>Adds a tensor.</summary>
    /// <param name="spec">Name, type and shape.</param>
    /// <param name="write">Writes exactly its bytes; null if the caller does.</param>
    public void Add(in TensorSpec spec, Action<Stream>? write = null) => _tensors.Add((spec, write));

    /// <summary>Writes the file.</summary>
    /// <exception cref="InvalidOperationException">A tensor has nothing that writes it, or that wrote another number of bytes.</exception>
    public void Write(Stream stream)
    {
        WriteHeader(stream);
        foreach (var (spec, write) in _tensors)
        {
            var start = stream.Position;
            (write ?? throw new InvalidOperationException($"{spec} has nothing that writes it."))(stream);
            if (stream.Position - start != spec.ByteLength) throw new InvalidOperationException($"{spec} has {spec.ByteLength} bytes, and {stream.Position - start} were written.");
            Pad(stream);
        }
    }

    /// <summary>Writes all that stands before the bytes of the tensors, which follow in the order in which they were added, with <see cref="Pad"/> behind each.</summary>
    public void WriteHeader(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((long)_tensors.Count);
        writer.Write((long)_keys.Count);
        _entries.Flush();
        writer.Write(_metadata.GetBuffer().AsSpan(0, (int)_metadata.Length));
        long offset = 0;
        foreach (var (spec, _) in _tensors)
        {
            Text(writer, spec.Name);
            writer.Write(spec.Shape.Rank);
            for (var i = 0; i < spec.Shape.Rank; i++) writer.Write(spec.Shape[i]);
            writer.Write((int)spec.Type);
            writer.Write(offset);
            offset += Padded(spec.ByteLength);
        }
        writer.Flush();
        Pad(stream);
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    /// <summary>Writes zeros up to where the next tensor begins.</summary>
    public static void Pad(Stream stream)
    {
        for (var rest = Padded(stream.Position) - stream.Position; rest > 0; rest--) stream.WriteByte(0);
    }

    private void Key(string key, int type)
    {
        if (!_keys.Add(key)) throw new ArgumentException($"There is a value under '{key}' already.", nameof(key));
        Text(_entries, key);
        _entries.Write(type);
    }

    private void Array(string key, int type, int length)
    {
        Key(key, 9);
        _entries.Write(type);
        _entries.Write((long)length);
    }

    private static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }
}
