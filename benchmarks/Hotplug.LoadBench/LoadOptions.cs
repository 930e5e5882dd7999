namespace Hotplug.LoadBench;

/// <summary>What is measured.</summary>
internal sealed record LoadOptions
{
    public required string Model { get; init; }

    /// <summary>The dll of the command line.</summary>
    public required string Hotplug { get; init; }

    public string? Peer { get; init; }

    public IReadOnlyList<string> PeerOptions { get; init; } = [];

    /// <summary>How long new requests begin; those under way then are waited for and count.</summary>
    public TimeSpan Duration { get; init; }

    public int Requests { get; init; }

    public int Rounds { get; init; }

    public int Clients { get; init; }

    public int Slots { get; init; }

    public int Threads { get; init; }

    public int PromptTokens { get; init; }

    public int AnswerTokens { get; init; }

    public int Prompts { get; init; }

    /// <summary>Null for no swaps.</summary>
    public TimeSpan? SwapInterval { get; init; }

    /// <summary>Tokens that a slot has room for, with some to spare.</summary>
    public int Context => (PromptTokens + AnswerTokens + 63) / 64 * 64 + 64;
}
