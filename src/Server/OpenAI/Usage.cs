namespace Hotplug.Server.OpenAI;

/// <summary>What an answer took. A prompt with several answers counts once.</summary>
internal sealed record Usage(int PromptTokens, int CompletionTokens, int TotalTokens, PromptDetails? PromptTokensDetails = null)
{
    public static Usage Of(long prompt, long completion, long cached) => new((int)prompt, (int)completion, (int)(prompt + completion), new((int)cached));
}
