namespace Hotplug.Inference.Deployment;

/// <summary>What was done when a model was put elsewhere.</summary>
public sealed record ModelMove
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Where it ran: devices and generations.</summary>
    public required string From { get; init; }

    /// <summary>Where it runs now.</summary>
    public required string To { get; init; }

    /// <summary>What became of each session.</summary>
    public required IReadOnlyList<SessionMove> Sessions { get; init; }

    /// <summary>For how long no step could run.</summary>
    public required TimeSpan Pause { get; init; }

    /// <summary>What the self-test found, for people.</summary>
    public required string SelfTest { get; init; }

    /// <summary>What the new plan says people should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var fates = Sessions.GroupBy(s => s.Fate).Select(g => $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}");
        return $"{Model}: {From} → {To}; sessions: {(Sessions.Count == 0 ? "none" : string.Join(", ", fates))}; paused for {Pause.TotalMilliseconds:0.#} ms; {SelfTest}";
    }
}
