using Hotplug.Inference.Generation;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>Log probabilities of an answer's tokens.</summary>
internal sealed record ChatLogprobs(IReadOnlyList<ChatLogprob> Content)
{
    /// <summary>Of what was chosen; null if it was not asked for.</summary>
    public static ChatLogprobs? Of(IReadOnlyList<TokenChoice>? choices, Tokenizer tokenizer)
        => choices is not { Count: > 0 } ? null : new([.. choices.Select(choice => ChatLogprob.Of(choice.Chosen, tokenizer) with { TopLogprobs = [.. choice.Best.Select(best => ChatLogprob.Of(best, tokenizer))] })]);
}
