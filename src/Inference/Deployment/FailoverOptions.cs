namespace Hotplug.Inference.Deployment;

/// <summary>What happens when a backend fails in a step.</summary>
public sealed record FailoverOptions
{
    /// <summary>Who may take over.</summary>
    public FailoverPolicy Policy { get; init; }

    /// <summary>Backends or devices to try in this order when a fresh generation does not help; empty for what an automatic choice takes. Emulations and test equipment have to be named here.</summary>
    public IReadOnlyList<string> Backends { get; init; } = [];

    /// <summary>Fresh generations of a backend before it is passed over.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Steps without a fault after which a backend has all its chances again.</summary>
    public int ForgivingSteps { get; init; } = 64;

    /// <summary>What makes no sense, each with its cure.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(Policy)) yield return $"{Policy} is no policy of failing over; use {string.Join(", ", Enum.GetNames<FailoverPolicy>())}.";
        if (Restarts < 0) yield return $"{Restarts} restarts are none; give 0 or more.";
        if (ForgivingSteps < 1) yield return $"{ForgivingSteps} steps prove nothing; give at least 1.";
    }
}
