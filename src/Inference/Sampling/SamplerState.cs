namespace Hotplug.Inference.Sampling;

/// <summary>
/// All that a sampler must remember to go on elsewhere as if nothing had happened. Plain data, to be written as JSON or otherwise;
/// independent of backend and machine.
/// </summary>
public sealed record SamplerState
{
    /// <summary>The version this code writes; it reads all before.</summary>
    public const int CurrentVersion = 2;

    /// <summary>Version of the layout and of the generator. Version 1 knew nothing of mirostat.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>State of the random generator, xoshiro256**: four words, not all 0.</summary>
    public required IReadOnlyList<ulong> Random { get; init; }

    /// <summary>The recent tokens, oldest first.</summary>
    public required IReadOnlyList<int> RecentTokens { get; init; }

    /// <summary>What mirostat has learned: the surprise it allows, in bits. Null without mirostat.</summary>
    public double? AllowedSurprise { get; init; }

    /// <summary>Throws if a sampler cannot go on from this.</summary>
    internal void ThrowIfInvalid()
    {
        if (Version is < 1 or > CurrentVersion)
            throw new ArgumentException($"The sampler state has version {Version}, this program reads 1 to {CurrentVersion}. Begin the text again, or use the program that wrote it.");
        if (Random is not { Count: Xoshiro256.StateLength } || Random.All(word => word == 0))
            throw new ArgumentException($"The sampler state is damaged: the random state must be {Xoshiro256.StateLength} words that are not all 0. Begin the text again.");
        if (RecentTokens is null) throw new ArgumentException("The sampler state is damaged: it has no list of recent tokens. Begin the text again.");
        if (AllowedSurprise is { } surprise && !double.IsFinite(surprise)) throw new ArgumentException("The sampler state is damaged: the allowed surprise is no number. Begin the text again.");
    }
}
