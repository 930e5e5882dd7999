namespace Hotplug.Cpu.Programs;

/// <summary>Where a value lies: bytes behind a root, whose address each step tells. Root 0 is address 0: weights, known at compile.</summary>
internal readonly record struct Operand(int Root, nint Offset)
{
    public const int Absolute = 0, Workspace = 1, FirstBinding = 2;

    /// <summary>An operand that is absent.</summary>
    public static Operand None => default;

    public Operand Plus(nint bytes) => this with { Offset = Offset + bytes };
}
