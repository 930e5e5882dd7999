using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Hotplug.Inference.Gguf;

/// <summary>
/// The key-value pairs of a GGUF file. Holds a copy of the metadata bytes and nothing of the file itself; values are decoded
/// when asked for. Immutable, safe from any thread.
/// </summary>
/// <remarks>
/// A getter throws <see cref="GgufException"/> with the key and its place when the value has the wrong type, does not fit, or is
/// missing without a fallback; a fallback stands in for a missing key only, never for a wrong value.
/// </remarks>
public sealed partial class GgufMetadata
{
    // Type of the elements, and their count.
    private const int ArrayPrefix = sizeof(uint) + sizeof(ulong);

    private readonly byte[] _bytes;
    private readonly GgufEntry[] _entries;
    private readonly Dictionary<string, GgufEntry> _index;

    internal GgufMetadata(string path, byte[] bytes, GgufEntry[] entries, Dictionary<string, GgufEntry> index)
    {
        (Path, _bytes, _entries, _index) = (path, bytes, entries, index);
        Entries = Array.AsReadOnly(entries);
    }

    /// <summary>The file the metadata was read from.</summary>
    public string Path { get; }

    /// <summary>The metadata as it stands in the file, from its first byte to the end of the last value.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>A value as it stands in the file, behind its type: of a string with its length, of an array with the type of its elements and their count.</summary>
    internal ReadOnlySpan<byte> Encoded(GgufEntry entry)
    {
        var (start, end) = entry switch
        {
            // Each string of an array begins behind its length, as would one more.
            { Starts: { } starts } => (entry.Offset - ArrayPrefix, starts[^1] - sizeof(ulong)),
            { IsArray: true } => (entry.Offset - ArrayPrefix, entry.Offset + entry.Length * GgufNumber.Size(entry.ElementType)),
            { Type: GgufValueType.String } => (entry.Offset - sizeof(ulong), entry.Offset + entry.Length),
            _ => (entry.Offset, entry.Offset + GgufNumber.Size(entry.Type)),
        };
        return _bytes.AsSpan(start..end);
    }

    /// <summary>All keys in file order.</summary>
    public IReadOnlyList<GgufEntry> Entries { get; }

    /// <summary>True if the key is there.</summary>
    public bool Contains(string key) => _index.ContainsKey(key);

    /// <summary>Finds a key.</summary>
    public bool TryFind(string key, [MaybeNullWhen(false)] out GgufEntry entry) => _index.TryGetValue(key, out entry);

    /// <summary>The text under <paramref name="key"/>, or false if the key is missing. Bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="GgufException">The value is not a string.</exception>
    public bool TryGetString(string key, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (!_index.TryGetValue(key, out var entry)) return false;
        if (entry.Type != GgufValueType.String) throw WrongType(entry, "a string");
        value = Encoding.UTF8.GetString(_bytes, entry.Offset, entry.Length);
        return true;
    }

    /// <summary>The text under <paramref name="key"/>, or <paramref name="fallback"/> if the key is missing.</summary>
    /// <exception cref="GgufException">The value is not a string, or missing without a fallback.</exception>
    public string GetString(string key, string? fallback = null) =>
        TryGetString(key, out var value) ? value : fallback ?? throw Missing(key);

    /// <summary>The integer under <paramref name="key"/>, whatever its width, within <paramref name="min"/> and <paramref name="max"/>.</summary>
    /// <exception cref="GgufException">The value is no integer, out of range, or missing without a fallback.</exception>
    public long GetInt64(string key, long? fallback = null, long min = long.MinValue, long max = long.MaxValue)
    {
        if (!_index.TryGetValue(key, out var entry)) return fallback ?? throw Missing(key);
        if (entry.IsArray || !GgufNumber.IsInteger(entry.Type)) throw WrongType(entry, "an integer");
        return Ranged(entry, 0, min, max);
    }

    /// <inheritdoc cref="GetInt64"/>
    public int GetInt32(string key, int? fallback = null, int min = int.MinValue, int max = int.MaxValue) =>
        (int)GetInt64(key, fallback, min, max);

    /// <inheritdoc cref="GetInt64"/>
    public uint GetUInt32(string key, uint? fallback = null, uint min = uint.MinValue, uint max = uint.MaxValue) =>
        (uint)GetInt64(key, fallback, min, max);

    /// <summary>
    /// The number under <paramref name="key"/>, of any float or integer type, rounded to single precision, within
    /// <paramref name="min"/> and <paramref name="max"/>; infinities and NaN never are.
    /// </summary>
    /// <exception cref="GgufException">The value is no number, out of range, or missing without a fallback.</exception>
    public float GetFloat(string key, float? fallback = null, float min = float.MinValue, float max = float.MaxValue)
    {
        if (!_index.TryGetValue(key, out var entry)) return fallback ?? throw Missing(key);
        if (entry.Type == GgufValueType.Bool || GgufNumber.Size(entry.Type) == 0) throw WrongType(entry, "a number");
        var value = (float)GgufNumber.ReadFloat(_bytes.AsSpan(entry.Offset), entry.Type);
        if (!(value >= min && value <= max)) throw OutOfRange(entry, value, min, max);
        return value;
    }

    /// <summary>The boolean under <paramref name="key"/>; an integer 0 or 1 will do.</summary>
    /// <exception cref="GgufException">The value is no boolean, or missing without a fallback.</exception>
    public bool GetBool(string key, bool? fallback = null) =>
        GetInt64(key, fallback is { } value ? (value ? 1 : 0) : null, 0, 1) != 0;

    /// <summary>The integers under <paramref name="key"/>, of any width that fits, or false if the key is missing. Allocates the array.</summary>
    /// <exception cref="GgufException">The value is no array of integers or booleans, or an element does not fit.</exception>
    public bool TryGetInt32Array(string key, [MaybeNullWhen(false)] out int[] values)
    {
        values = null;
        if (!_index.TryGetValue(key, out var entry)) return false;
        if (!entry.IsArray || !GgufNumber.IsInteger(entry.ElementType)) throw WrongType(entry, "an array of integers");
        values = new int[entry.Length];
        if (entry.ElementType == GgufValueType.Int32 && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, int>(_bytes.AsSpan(entry.Offset, values.Length * sizeof(int))).CopyTo(values);
            return true;
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = (int)Ranged(entry, i, int.MinValue, int.MaxValue);
        return true;
    }

    /// <summary>The numbers under <paramref name="key"/>, rounded to single precision and otherwise unchecked, or false if the key is missing. Allocates the array.</summary>
    /// <exception cref="GgufException">The value is no array of numbers.</exception>
    public bool TryGetFloatArray(string key, [MaybeNullWhen(false)] out float[] values)
    {
        values = null;
        if (!_index.TryGetValue(key, out var entry)) return false;
        var size = GgufNumber.Size(entry.ElementType);
        if (!entry.IsArray || size == 0 || entry.ElementType == GgufValueType.Bool) throw WrongType(entry, "an array of numbers");
        values = new float[entry.Length];
        if (entry.ElementType == GgufValueType.Float32 && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(_bytes.AsSpan(entry.Offset, values.Length * sizeof(float))).CopyTo(values);
            return true;
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = (float)GgufNumber.ReadFloat(_bytes.AsSpan(entry.Offset + i * size), entry.ElementType);
        return true;
    }

    /// <summary>The strings under <paramref name="key"/>, as bytes in place, or false if the key is missing.</summary>
    /// <exception cref="GgufException">The value is no array of strings.</exception>
    public bool TryGetStringArray(string key, [MaybeNullWhen(false)] out GgufStringArray values)
    {
        values = null;
        if (!_index.TryGetValue(key, out var entry)) return false;
        if (entry.Starts is null) throw WrongType(entry, "an array of strings");
        values = new(_bytes, entry.Starts);
        return true;
    }

    /// <summary>
    /// A value for each of <paramref name="layers"/> layers: the array under <paramref name="key"/>, which must have that many
    /// elements, or the one integer there repeated, or <paramref name="fallback"/> repeated if the key is missing.
    /// </summary>
    /// <exception cref="GgufException">Wrong type or length, a value out of range, or missing without a fallback.</exception>
    public int[] GetPerLayer(string key, int layers, int? fallback = null, int min = int.MinValue, int max = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layers);
        if (!_index.TryGetValue(key, out var entry) && fallback is null) throw Missing(key);
        if (entry is not null)
        {
            if (!GgufNumber.IsInteger(entry.ElementType)) throw WrongType(entry, "an integer or an array of integers");
            if (entry.IsArray && entry.Length != layers)
                throw Invalid(key, $"the array has {entry.Length} elements, the model {layers} layers", GgufCursor.Cures.Damaged);
        }

        var values = new int[layers];
        for (var i = 0; i < layers; i++)
            values[i] = entry is null ? fallback.GetValueOrDefault() : (int)Ranged(entry, entry.IsArray ? i : 0, min, max);
        return values;
    }

    /// <summary>Checks that the array under <paramref name="key"/>, if there is one, has <paramref name="length"/> elements, as one beside it has.</summary>
    /// <exception cref="GgufException">The value is no array, or of another length.</exception>
    public void RequireLength(string key, int length)
    {
        if (!_index.TryGetValue(key, out var entry)) return;
        if (!entry.IsArray) throw WrongType(entry, "an array");
        if (entry.Length != length)
            throw Invalid(key, $"the array has {entry.Length} elements where {length} are needed", GgufCursor.Cures.Damaged);
    }

    /// <summary>The error for a value that is there but makes no sense to whoever reads it; carries the value's place in the file.</summary>
    /// <param name="key">The key; it may be missing.</param>
    /// <param name="problem">What is wrong, with the value; a sentence without its full stop.</param>
    /// <param name="cure">What to do; a sentence without its full stop.</param>
    public GgufException Invalid(string key, string problem, string cure) =>
        new(Path, _index.TryGetValue(key, out var entry) ? entry.Offset : _bytes.Length, key, problem, cure);

    private long Ranged(GgufEntry entry, int element, long min, long max)
    {
        var value = GgufNumber.ReadInteger(_bytes.AsSpan(entry.Offset + element * GgufNumber.Size(entry.ElementType)), entry.ElementType);
        return value >= min && value <= max ? (long)value : throw OutOfRange(entry, value, min, max, element);
    }

    private GgufException OutOfRange<T>(GgufEntry entry, T value, object min, object max, int element = 0) =>
        Invalid(entry.Key, entry.IsArray ? $"element {element} is {value}, allowed is {min} to {max}" : $"the value is {value}, allowed is {min} to {max}",
            GgufCursor.Cures.Damaged);

    private GgufException WrongType(GgufEntry entry, string expected) =>
        Invalid(entry.Key, $"the value is {Describe(entry)}, expected is {expected}", GgufCursor.Cures.Damaged);

    private GgufException Missing(string key) =>
        Invalid(key, "the model needs this key, and the file lacks it", "Convert the original model again with a current tool");
}
