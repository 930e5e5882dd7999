namespace Hotplug.Server.Ollama;

/// <summary>Names of models, which may have a tag there: without one the latest is meant, and there is no other here.</summary>
internal static class OllamaName
{
    private const string Latest = ":latest";

    public static string? Plain(string? name) => name?.EndsWith(Latest, StringComparison.OrdinalIgnoreCase) is true ? name[..^Latest.Length] : name;

    public static string Tagged(string name) => name.Contains(':', StringComparison.Ordinal) ? name : name + Latest;
}
