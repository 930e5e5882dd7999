namespace Hotplug.Server.OpenAI.Completions;

/// <summary>An answer of <c>POST /v1/completions</c>, or an event of one.</summary>
internal sealed record CompletionDocument(string Id, long Created, string Model, IReadOnlyList<CompletionChoice> Choices, Usage? Usage = null)
{
    public string Object => "text_completion";
}
