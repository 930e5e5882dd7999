using Hotplug.Inference.Sampling;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>A token with its log probability.</summary>
internal sealed record ChatLogprob(string Token, float Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<ChatLogprob>? TopLogprobs = null)
{
    public static ChatLogprob Of(TokenLogprob token, Tokenizer tokenizer) => new(TokenText.Of(tokenizer, token.Token), TokenText.Finite(token.Logprob), TokenText.Bytes(tokenizer, token.Token));
}
