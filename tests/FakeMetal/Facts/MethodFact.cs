namespace Hotplug.Metal.Fake.Facts;

/// <summary>A method as Apple's headers have it.</summary>
/// <param name="Receiver">The class or protocol that declares it.</param>
/// <param name="Selector">Its selector.</param>
/// <param name="ToClass">Whether it is a method of the class itself.</param>
/// <param name="Arm64">Encoding without offsets on Apple silicon; null where no source has it.</param>
/// <param name="X64">Encoding without offsets on Intel.</param>
/// <param name="Arm64Offsets">Encoding with offsets on Apple silicon.</param>
/// <param name="X64Offsets">Encoding with offsets on Intel.</param>
/// <param name="Owned">Whether the result belongs to the caller, by the rule of names.</param>
public sealed record MethodFact(
    string Receiver, string Selector, bool ToClass, string? Arm64, string? X64, string? Arm64Offsets, string? X64Offsets, bool Owned);
