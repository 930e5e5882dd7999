namespace Hotplug.Server.Ollama;

/// <summary>Which API is spoken.</summary>
/// <param name="Version">The version of its description.</param>
/// <param name="Server">Who answers.</param>
internal sealed record OllamaVersion(string Version, string Server);
