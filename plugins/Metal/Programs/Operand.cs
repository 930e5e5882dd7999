using Hotplug.Accelerators.Programs;

namespace Hotplug.Metal.Programs;

/// <summary>An operand of a kernel: where it is found in every step, and whether the kernel writes it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Place">Of a value, its place; of the KV pool, the parts of layers as a range: two per layer, keys and values.</param>
/// <param name="Index">Of a rotation or a shift, its number.</param>
/// <param name="IsWritten">Whether the kernel writes it.</param>
internal readonly record struct Operand(OperandKind Kind, Place Place = default, int Index = 0, bool IsWritten = false)
{
    /// <summary>Nothing that the kernel reads; something is bound all the same.</summary>
    public static Operand None => default;

    /// <summary>A value that is read.</summary>
    public static Operand In(Place place) => new(OperandKind.Value, place);

    /// <summary>A value that is written.</summary>
    public static Operand Out(Place place) => new(OperandKind.Value, place, IsWritten: true);

    /// <summary>A part of the step's table.</summary>
    public static Operand Table(OperandKind kind, int index = 0) => new(kind, default, index);

    /// <summary>Parts of a layer in one buffer of the pool after the other.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="first">0 for keys, 1 for values.</param>
    /// <param name="count">How many of the two.</param>
    /// <param name="written">Whether the kernel writes them.</param>
    public static Operand Pool(int layer, int first, int count, bool written) => new(OperandKind.Pool, new Place(default, 0, 2L * layer + first, count), 0, written);

    /// <summary>Whether two uses need an order: they touch the same bytes, and one writes.</summary>
    public bool Conflicts(in Operand other)
        => (IsWritten || other.IsWritten) && Kind == other.Kind && Kind is (OperandKind.Value or OperandKind.Pool) && Place.Root == other.Place.Root && Place.Index == other.Place.Index
            && Place.Offset < other.Place.Offset + other.Place.Length && other.Place.Offset < Place.Offset + Place.Length;
}
