namespace Hotplug.Server.OpenAI;

/// <summary>Of a prompt.</summary>
/// <param name="CachedTokens">Tokens that did not have to be evaluated, because a slot had them from an earlier request.</param>
internal sealed record PromptDetails(int CachedTokens);
