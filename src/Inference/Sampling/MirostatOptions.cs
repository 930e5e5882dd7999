namespace Hotplug.Inference.Sampling;

/// <summary>Mirostat (Basu et al. 2021): keeps the surprise of the text near a target. Penalties and temperature come first; the other steps are not taken.</summary>
public sealed record MirostatOptions
{
    /// <summary>1 estimates how the tail falls and keeps that many tokens; 2 keeps tokens that surprise little enough.</summary>
    public int Version { get; init; } = 2;

    /// <summary>Surprise aimed at, in bits.</summary>
    public float Tau { get; init; } = 5;

    /// <summary>How fast it learns.</summary>
    public float Eta { get; init; } = 0.1f;

    internal IEnumerable<string> Problems()
    {
        if (Version is not (1 or 2)) yield return $"Mirostat.{nameof(Version)} is {Version}; there are 1 and 2.";
        if (!(Tau >= 0 && Tau <= 100)) yield return $"Mirostat.{nameof(Tau)} is {Tau}; it must be from 0 to 100 bits.";
        if (!(Eta >= 0 && Eta <= 1)) yield return $"Mirostat.{nameof(Eta)} is {Eta}; it must be from 0 to 1.";
    }
}
