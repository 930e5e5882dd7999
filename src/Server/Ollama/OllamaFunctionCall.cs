using System.Text.Json;

namespace Hotplug.Server.Ollama;

/// <summary>What a call calls.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">Its arguments, an object.</param>
internal sealed record OllamaFunctionCall(string? Name, JsonElement Arguments);
