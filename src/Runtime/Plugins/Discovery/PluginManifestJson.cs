using System.Text.Json;

namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>
/// Reads the text of <c>plugin.json</c> token by token, because every start of a program does it: a serialiser would be compiled first, which takes longer than all the rest of the plugin's inspection.
/// Comments and trailing commas are allowed; unknown and repeated fields are not.
/// </summary>
internal ref struct PluginManifestJson
{
    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _reader;

    private PluginManifestJson(ReadOnlySpan<byte> text)
    {
        _text = text;
        _reader = new(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    /// <summary>Reads a document; null for the JSON value null.</summary>
    /// <exception cref="JsonException">It is not JSON, or a field is unknown, repeated or of another type; with the path and the line.</exception>
    public static PluginManifestDocument? Parse(ReadOnlySpan<byte> text)
    {
        var json = new PluginManifestJson(text);
        json.Next("$");
        var document = json._reader.TokenType == JsonTokenType.Null ? null : json.Document();
        // What stands behind the value is an error, which the reader finds by reading on.
        json._reader.Read();
        return document;
    }

    private PluginManifestDocument Document()
    {
        var document = new PluginManifestDocument();
        Expect(JsonTokenType.StartObject, "$", "an object");
        var seen = new HashSet<string>();
        while (Field("$", seen) is { } name)
        {
            var path = "$." + name;
            switch (name)
            {
                case "schema": document.Schema = (int?)Number(path, int.MaxValue); break;
                case "id": document.Id = Text(path); break;
                case "name": document.Name = Text(path); break;
                case "version": document.Version = Text(path); break;
                case "contract": document.Contract = Text(path); break;
                case "assembly": document.Assembly = Text(path); break;
                case "description": document.Description = Text(path); break;
                case "kind": document.Kind = Text(path); break;
                case "loadMode": document.LoadMode = Text(path); break;
                case "nativeLibraries": document.NativeLibraries = Texts(path); break;
                case "files": document.Files = Files(path); break;
                default: throw Unknown(path);
            }
        }
        return document;
    }

    private string?[]? Texts(string path)
    {
        if (!Array(path)) return null;
        var texts = new List<string?>();
        while (Element(path)) texts.Add(TextHere($"{path}[{texts.Count}]"));
        return [.. texts];
    }

    private PluginFileDocument?[]? Files(string path)
    {
        if (!Array(path)) return null;
        var files = new List<PluginFileDocument?>();
        while (Element(path)) files.Add(_reader.TokenType == JsonTokenType.Null ? null : File($"{path}[{files.Count}]"));
        return [.. files];
    }

    private PluginFileDocument File(string path)
    {
        Expect(JsonTokenType.StartObject, path, "an object");
        var file = new PluginFileDocument();
        var seen = new HashSet<string>();
        while (Field(path, seen) is { } name)
        {
            var at = $"{path}.{name}";
            switch (name)
            {
                case "path": file.Path = Text(at); break;
                case "size": file.Size = Number(at, long.MaxValue); break;
                case "sha256": file.Sha256 = Text(at); break;
                default: throw Unknown(at);
            }
        }
        return file;
    }

    /// <summary>The name of the next field of the object that is being read, or null at its end.</summary>
    private string? Field(string path, HashSet<string> seen)
    {
        Next(path);
        if (_reader.TokenType == JsonTokenType.EndObject) return null;
        var name = TextHere(path)!;
        return seen.Add(name) ? name : throw Error($"{path}.{name}", "it is given twice");
    }

    private bool Array(string path)
    {
        Next(path);
        if (_reader.TokenType == JsonTokenType.Null) return false;
        Expect(JsonTokenType.StartArray, path, "a list");
        return true;
    }

    private bool Element(string path)
    {
        Next(path);
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    private string? Text(string path)
    {
        Next(path);
        return TextHere(path);
    }

    private string? TextHere(string path)
    {
        if (_reader.TokenType == JsonTokenType.Null) return null;
        if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) throw Error(path, "it is not a text");
        try
        {
            return _reader.GetString();
        }
        // Bytes that are no UTF-8, or half a surrogate pair.
        catch (InvalidOperationException)
        {
            throw Error(path, "it is not valid Unicode");
        }
    }

    private long? Number(string path, long most)
    {
        Next(path);
        if (_reader.TokenType == JsonTokenType.Null) return null;
        if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var value) || value > most || value < -most) throw Error(path, "it is not a whole number of a sensible size");
        return value;
    }

    private void Expect(JsonTokenType type, string path, string what)
    {
        if (_reader.TokenType != type) throw Error(path, $"it is not {what}");
    }

    private void Next(string path)
    {
        if (!_reader.Read()) throw Error(path, "the text ends too early");
    }

    private readonly JsonException Unknown(string path) => Error(path, "there is no such field");

    private readonly JsonException Error(string path, string what) => new(what, path, _text[..(int)_reader.TokenStartIndex].Count((byte)'\n'), null);
}
