using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Inference.Deployment;

/// <summary>How a model is put elsewhere.</summary>
public sealed record SwapOptions
{
    /// <summary>What becomes of generations under way.</summary>
    public SwapPolicy Policy { get; init; } = SwapPolicy.Migrate;

    /// <summary>Steps after which the old place is given up; a fault before goes back to it. 0 gives it up at once.</summary>
    public int ProbationSteps { get; init; } = 32;

    /// <summary>Time after which it is given up, however few steps there were.</summary>
    public TimeSpan ProbationWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How far the logits of the self-test may be from those of the old place: root mean square of the difference, as a share of the logits' own spread. Null compares nothing.
    /// </summary>
    public double? SelfTestBound { get; init; } = 0.1;

    /// <summary>How a backend that is replaced is retired; null for the catalogue's own.</summary>
    public UnloadOptions? Unload { get; init; }

    /// <summary>Told of the bytes of each load beside; may be null. Called on the thread that loads.</summary>
    public IProgress<LoadProgress>? Progress { get; init; }

    /// <summary>What makes no sense, each with its cure.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(Policy)) yield return $"{Policy} is no policy of a swap; use {string.Join(", ", Enum.GetNames<SwapPolicy>())}.";
        if (ProbationSteps < 0) yield return $"A probation of {ProbationSteps} steps is none; give 0 or more.";
        if (ProbationWindow < TimeSpan.Zero) yield return $"A probation of {ProbationWindow} is none; give zero or more.";
        if (SelfTestBound is <= 0 or double.NaN) yield return $"A bound of {SelfTestBound} accepts nothing; give more than 0, or null.";
    }
}
