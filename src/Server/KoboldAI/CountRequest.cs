namespace Hotplug.Server.KoboldAI;

/// <summary>The body of <c>POST /api/extra/tokencount</c>.</summary>
/// <param name="Prompt">The text.</param>
/// <param name="Special">Whether the tokens that begin a text are counted; they are if it is not said.</param>
internal sealed record CountRequest(string? Prompt, bool? Special);
