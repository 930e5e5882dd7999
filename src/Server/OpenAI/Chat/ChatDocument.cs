namespace Hotplug.Server.OpenAI.Chat;

/// <summary>An answer of <c>POST /v1/chat/completions</c>, or an event of one.</summary>
internal sealed record ChatDocument(string Id, string Object, long Created, string Model, IReadOnlyList<ChatChoice> Choices, Usage? Usage = null);
