using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hotplug.Cli.Configuration;

/// <summary>
/// A command's options in a file: a JSON object with each option by its long name, a repeatable one as an array, and the model as <c>model</c>. What is typed counts more than the file. Nothing in the
/// file is passed over: what the command does not know is refused by its name.
/// </summary>
/// <param name="command">The command.</param>
/// <param name="model">Its model.</param>
/// <param name="apart">Options that no file can have.</param>
internal sealed class ConfigurationFile(Command command, Argument model, params Option[] apart)
{
    private const string Model = "model";

    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };
    private static readonly JsonWriterOptions Writing = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The command line with what the file says and nobody typed.</summary>
    /// <exception cref="UsageException">The file is none, or says what the command does not know.</exception>
    public ParseResult Complete(ParseResult typed, string path)
    {
        var said = SaidOptions.Of(typed);
        var found = new HashSet<Option>();
        var words = new List<string> { command.Name };
        string? file = null;
        foreach (var (key, value) in Read(path))
        {
            if (key == Model)
            {
                file = value is JsonValue text && text.TryGetValue<string>(out var name) ? name : throw new UsageException($"{path}: 'model' is the path of a file, in quotes.");
                continue;
            }
            var option = Find(key) ?? throw new UsageException($"{path}: there is no setting '{key}'. There are: {string.Join(", ", Names())}.");
            if (!found.Add(option)) throw new UsageException($"{path}: '{key}' says the same setting a second time, by another of its names. Leave one out.");
            var values = Values(path, key, option, value);
            if (!said.Any(s => s.Option == option)) words.AddRange(SaidOptions.Words(option, values));
        }
        foreach (var (option, values) in said)
            if (!apart.Contains(option)) words.AddRange(SaidOptions.Words(option, values));
        // What begins with a dash is a model all the same.
        if ((SaidOptions.Of(typed, model) ?? file) is { } chosen) words.AddRange(["--", chosen]);
        var whole = typed.RootCommandResult.Command.Parse(words, typed.Configuration);
        return whole.Errors.Count == 0 ? whole : throw new UsageException($"{path}: {string.Join(" ", whole.Errors.Select(e => e.Message).Distinct())}");
    }

    /// <summary>Writes what was said, so that the file alone says it again. Keys may be in it: only its owner can read it.</summary>
    public void Export(ParseResult arguments, string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(path, options);
        using var json = new Utf8JsonWriter(stream, Writing);
        json.WriteStartObject();
        if (SaidOptions.Of(arguments, model) is { } file) json.WriteString(Model, file);
        foreach (var (option, values) in SaidOptions.Of(arguments))
        {
            if (apart.Contains(option)) continue;
            json.WritePropertyName(Key(option));
            if (!IsRepeatable(option))
            {
                Write(json, option.ValueType, values);
                continue;
            }
            json.WriteStartArray();
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.Flush();
        stream.Write("\n"u8);
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: Reading) as JsonObject ?? throw new UsageException($"{path}: a configuration is a JSON object, such as {{ \"model\": \"model.gguf\", \"port\": 5001 }}.");
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"{path} is no JSON: {wrong.Message}");
        }
    }

    private static string[] Values(string path, string key, Option option, JsonNode? value)
    {
        if (value is JsonArray list)
            return IsRepeatable(option) ? [.. list.Select(each => One(path, key, each))] : throw new UsageException($"{path}: '{key}' takes one value, and a list is given.");
        return [One(path, key, value)];
    }

    private static string One(string path, string key, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.ToJsonString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        null or JsonValueKind.Null => throw new UsageException($"{path}: '{key}' is null. Give it a value, or leave it out."),
        _ => throw new UsageException($"{path}: '{key}' takes a value, and {value.GetValueKind().ToString().ToLowerInvariant()} is given."),
    };

    private static void Write(Utf8JsonWriter json, Type type, string[] values)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (values is [])
            json.WriteBooleanValue(true);
        else if (type == typeof(bool) && bool.TryParse(values[^1], out var truth))
            json.WriteBooleanValue(truth);
        else if (type.IsPrimitive && double.TryParse(values[^1], System.Globalization.CultureInfo.InvariantCulture, out _))
            json.WriteRawValue(values[^1]);
        else
            json.WriteStringValue(values[^1]);
    }

    private Option? Find(string key) => command.Options.FirstOrDefault(option => !apart.Contains(option) && (option.Name == $"--{key}" || option.Aliases.Contains($"--{key}")));

    private IEnumerable<string> Names() => command.Options.Where(option => !apart.Contains(option) && option.Name.StartsWith("--", StringComparison.Ordinal)).Select(Key).Prepend(Model).Order(StringComparer.Ordinal);

    private static string Key(Option option) => option.Name.TrimStart('-');

    private static bool IsRepeatable(Option option) => option.ValueType.IsArray;
}
