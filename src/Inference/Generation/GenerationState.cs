using Hotplug.Inference.Sampling;
using Hotplug.Inference.Text;

namespace Hotplug.Inference.Generation;

/// <summary>
/// All there is of a generation outside of any backend: serialisable, and enough to go on elsewhere. A KV cache is made again from the tokens.
/// </summary>
public sealed record GenerationState
{
    /// <summary>The version written now.</summary>
    public const int CurrentVersion = 3;

    /// <summary>Version of this record. Version 1 knew nothing of text that was not given yet, version 2 nothing of banned texts.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Prompt and generated tokens.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>How many of them are the prompt.</summary>
    public required int PromptLength { get; init; }

    /// <summary>State of the sampler.</summary>
    public required SamplerState Sampler { get; init; }

    /// <summary>First token that still takes part: those between the first and it have slid out of the context.</summary>
    public int WindowStart { get; init; } = 1;

    /// <summary>Tokens at the end whose text was not given yet, since a banned text may begin in them.</summary>
    public int PendingTokens { get; init; }

    /// <summary>Tokens that were taken back, and must not come again at their places.</summary>
    public IReadOnlyList<TokenBan> Bans { get; init; } = [];

    /// <summary>Bytes of a character that the tokens before the pending ones have begun and not ended, at most three.</summary>
    public IReadOnlyList<byte> UnfinishedCharacter { get; init; } = [];

    /// <summary>Text that was not given yet, since it may be the beginning of a stop string.</summary>
    public string HeldText { get; init; } = "";

    /// <summary>Why the generation ended, if it did.</summary>
    public FinishReason Finish { get; init; }

    /// <summary>Tokens that take part: the first one, and those from the window's start on.</summary>
    internal int WindowLength => Tokens.Count - (WindowStart - 1);

    /// <summary>Says what is wrong with a state, with the field, or null.</summary>
    internal (string Field, string Problem)? Fault()
    {
        if (Version is < 1 or > CurrentVersion) return ("version", $"the state is of version {Version}, and this program knows 1 to {CurrentVersion}");
        if (PromptLength < 1 || PromptLength > Tokens.Count) return ("promptLength", $"a prompt of {PromptLength} tokens is none of {Tokens.Count}");
        if (WindowStart < 1 || WindowStart > Tokens.Count) return ("windowStart", $"a window from token {WindowStart} on is none in {Tokens.Count}");
        if (Tokens.FirstOrDefault(t => t < 0) is < 0 and var token) return ("tokens", $"{token} is no token");
        if (Sampler.RecentTokens.FirstOrDefault(t => t < 0) is < 0 and var recent) return ("sampler.recentTokens", $"{recent} is no token");
        if (PendingTokens < 0 || PendingTokens > Tokens.Count - PromptLength) return ("pendingTokens", $"{PendingTokens} tokens at the end are not among those that were generated");
        if (Bans.Count > 1 << 16 || Bans.Any(b => b.Token < 0 || b.Position < PromptLength)) return ("bans", "a ban is of no token or no place");
        if (!Utf8Streamer.IsUnfinished([.. UnfinishedCharacter])) return ("unfinishedCharacter", "the bytes are not the beginning of a character");
        if (!Enum.IsDefined(Finish)) return ("finish", $"{Finish} is not known");
        try
        {
            Sampler.ThrowIfInvalid();
        }
        catch (ArgumentException wrong)
        {
            return ("sampler", wrong.Message.TrimEnd('.'));
        }
        return null;
    }
}
