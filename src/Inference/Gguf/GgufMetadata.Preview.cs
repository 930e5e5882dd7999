using System.Globalization;
using System.Text;

namespace Hotplug.Inference.Gguf;

public sealed partial class GgufMetadata
{
    /// <summary>The type of a value in words, such as <c>UInt32</c> or <c>String[49152]</c>.</summary>
    public static string Describe(GgufEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.IsArray ? string.Create(CultureInfo.InvariantCulture, $"{entry.ElementType}[{entry.Length}]") : entry.Type.ToString();
    }

    /// <summary>
    /// The value of an entry of this metadata for people to read: at most about <paramref name="limit"/> characters on one line,
    /// strings quoted with everything escaped that a terminal might obey. A few short strings are allocated, however large the value.
    /// </summary>
    public string Preview(GgufEntry entry, int limit = 72)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var text = new StringBuilder();
        if (!entry.IsArray)
        {
            AppendElement(text, entry, 0, limit);
            return text.ToString();
        }

        text.Append('[');
        for (var i = 0; i < entry.Length; i++)
        {
            if (i > 0) text.Append(", ");
            if (text.Length >= limit)
            {
                text.Append('…');
                break;
            }

            AppendElement(text, entry, i, limit - text.Length);
        }

        return text.Append(']').ToString();
    }

    private void AppendElement(StringBuilder text, GgufEntry entry, int element, int limit)
    {
        if (entry.ElementType == GgufValueType.String)
        {
            var bytes = entry.Starts is { } starts ? new GgufStringArray(_bytes, starts)[element] : _bytes.AsSpan(entry.Offset, entry.Length);
            AppendQuoted(text, bytes, limit);
            return;
        }

        var value = _bytes.AsSpan(entry.Offset + element * GgufNumber.Size(entry.ElementType));
        _ = entry.ElementType switch
        {
            GgufValueType.Bool => text.Append(value[0] != 0 ? "true" : "false"),
            GgufValueType.Float32 => text.Append(CultureInfo.InvariantCulture, $"{(float)GgufNumber.ReadFloat(value, entry.ElementType)}"),
            GgufValueType.Float64 => text.Append(CultureInfo.InvariantCulture, $"{GgufNumber.ReadFloat(value, entry.ElementType)}"),
            _ => text.Append(CultureInfo.InvariantCulture, $"{GgufNumber.ReadInteger(value, entry.ElementType)}"),
        };
    }

    private static void AppendQuoted(StringBuilder text, ReadOnlySpan<byte> bytes, int limit)
    {
        text.Append('"');
        var end = text.Length + Math.Max(limit, 8);
        while (!bytes.IsEmpty)
        {
            if (text.Length >= end)
            {
                text.Append('…');
                break;
            }

            Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            bytes = bytes[consumed..];
            _ = rune.Value switch
            {
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '"' or '\\' => text.Append('\\').Append((char)rune.Value),
                _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator => text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
                _ => text.Append(rune.ToString()),
            };
        }

        text.Append('"');
    }
}
