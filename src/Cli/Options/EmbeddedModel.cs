namespace Hotplug.Cli.Options;

/// <summary>The model that ships with the program.</summary>
internal static class EmbeddedModel
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "hotplug-story-5m.Q8_0.gguf");
}
