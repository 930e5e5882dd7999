using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Hotplug.Server.Http;

/// <summary>
/// Reads parts of a request that stay JSON, and refuses texts in them that are none: bytes that are no UTF-8, halves of surrogate pairs. The deserialiser lets those pass, and whoever asked such an
/// element for its text later would fail at it.
/// </summary>
internal sealed class ReadableElement : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (!Utf8.IsValid(raw)) throw new JsonException("A text is no UTF-8.");
        var texts = new Utf8JsonReader(raw, new JsonReaderOptions { MaxDepth = reader.CurrentDepth + 64 });
        while (texts.Read())
            if (texts.ValueIsEscaped) Unescape(texts);
        return element;
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);

    private static void Unescape(in Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
        }
        catch (InvalidOperationException nonsense)
        {
            throw new JsonException($"A text makes no characters: {nonsense.Message}", nonsense);
        }
    }
}
