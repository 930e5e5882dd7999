using System.Text.Json;
using System.Text.Json.Serialization;
using Hotplug.Inference.Chat;

namespace Hotplug.Cli.Chat;

/// <summary>A conversation on disk: its messages as JSON. It belongs to no model, so it can be gone on with by another.</summary>
internal sealed record ConversationFile
{
    private const string CurrentSchema = "hotplug.chat/1";
    private const int MaxBytes = 64 << 20;

    public string Schema { get; init; } = CurrentSchema;

    public required IReadOnlyList<TemplateMessage> Messages { get; init; }

    /// <summary>Writes a conversation, whole or not at all. A file that is no conversation is left alone.</summary>
    public static void Save(string path, IEnumerable<TemplateMessage> messages)
    {
        if (File.Exists(path))
            try
            {
                Load(path);
            }
            catch (ConversationFileException)
            {
                throw new UsageException($"'{path}' is there, and is no saved conversation: it is left as it is. Give another name.");
            }

        var beside = $"{path}.{Environment.ProcessId}.part";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            // It holds what was said.
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(beside, options)) JsonSerializer.Serialize(file, new ConversationFile { Messages = [.. messages] }, ConversationJson.Default.ConversationFile);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Reads a conversation.</summary>
    /// <exception cref="ConversationFileException">The file holds none.</exception>
    public static IReadOnlyList<TemplateMessage> Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new FileNotFoundException(null, path);
            if (file.Length is 0 or > MaxBytes) throw new ConversationFileException(path, $"it has {file.Length} bytes");
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(path), ConversationJson.Default.ConversationFile);
            if (read?.Schema != CurrentSchema) throw new ConversationFileException(path, $"it is '{read?.Schema}', and this program reads {CurrentSchema}");
            return read.Messages;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new ConversationFileException(path, malformed.Message.TrimEnd('.'), malformed);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ConversationFile))]
internal sealed partial class ConversationJson : JsonSerializerContext;
