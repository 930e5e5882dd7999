namespace Hotplug.Inference.Sampling;

/// <summary>XTC ("exclude top choices", p-e-w 2024): by chance, of all tokens that are probable enough only the least probable stays, and those below.</summary>
public sealed record XtcOptions
{
    /// <summary>How often it happens.</summary>
    public float Probability { get; init; } = 0.5f;

    /// <summary>How probable a top choice is. Above ½ there is never more than one, and nothing happens.</summary>
    public float Threshold { get; init; } = 0.1f;

    internal IEnumerable<string> Problems()
    {
        if (!(Probability >= 0 && Probability <= 1)) yield return $"Xtc.{nameof(Probability)} is {Probability}; it must be from 0 to 1.";
        if (!(Threshold >= 0 && Threshold <= 1)) yield return $"Xtc.{nameof(Threshold)} is {Threshold}; it must be from 0 to 1.";
    }
}
