namespace Hotplug.Server.OpenAI.Chat;

/// <summary>What a call calls.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">Its arguments, a JSON object as text.</param>
internal sealed record CalledFunction(string? Name, string? Arguments);
