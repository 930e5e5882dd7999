namespace Hotplug.Runtime.Memory.Policy;

/// <summary>A refusal as a value.</summary>
/// <param name="Code">Its kind.</param>
/// <param name="Subject">What it is about: a tensor, an option, a part.</param>
/// <param name="Reason">What was asked and why it cannot be.</param>
/// <param name="Cure">What to do instead.</param>
public sealed record MemoryRefusal(MemoryRefusalCode Code, string Subject, string Reason, string Cure)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Subject}: {Reason}. {char.ToUpperInvariant(Cure[0])}{Cure[1..]}.";
}
