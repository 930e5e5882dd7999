using Hotplug.Inference.Generation;
using Hotplug.Inference.Tokenization;
using Hotplug.Server.OpenAI.Chat;
using Hotplug.Server.OpenAI.Completions;

namespace Hotplug.Server.KoboldAI;

/// <summary>Log probabilities, by token and in columns.</summary>
internal sealed record KoboldLogprobs(
    IReadOnlyList<ChatLogprob> Content, IReadOnlyList<string> Tokens, IReadOnlyList<float> TokenLogprobs, IReadOnlyList<IReadOnlyDictionary<string, float>> TopLogprobs, IReadOnlyList<int> TextOffset)
{
    /// <summary>Of what was chosen; null if that is nothing.</summary>
    public static KoboldLogprobs? Of(IReadOnlyList<TokenChoice> choices, Tokenizer tokenizer)
    {
        var offset = 0;
        return ChatLogprobs.Of(choices, tokenizer) is { } tokens && CompletionLogprobs.Of(choices, tokenizer, ref offset) is { } columns
            ? new(tokens.Content, columns.Tokens, columns.TokenLogprobs, columns.TopLogprobs, columns.TextOffset)
            : null;
    }
}
