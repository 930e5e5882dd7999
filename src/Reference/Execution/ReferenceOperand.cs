using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Execution;

/// <summary>A tensor as operations read it: rows of numbers in double precision. Not safe for several threads at once.</summary>
public abstract class ReferenceOperand
{
    /// <summary>Extents, innermost first; for a value of a graph those of the current step.</summary>
    public abstract TensorShape Shape { get; }

    /// <summary>Element type in which the numbers are kept outside.</summary>
    public abstract TensorType Type { get; }

    /// <summary>Gives a row.</summary>
    /// <param name="row">Row number, counted over all outer dimensions.</param>
    /// <param name="scratch">Room for a row; used where the numbers must be converted.</param>
    /// <returns>The elements of the row, valid until the operand or the scratch is written.</returns>
    public abstract ReadOnlySpan<double> Row(long row, Span<double> scratch);

    /// <summary>
    /// Per element what rounding errors are proportional to: for quantised types the sum of the absolute terms of the type's formula, otherwise the
    /// absolute value.
    /// </summary>
    public virtual void Magnitudes(long row, Span<double> magnitudes)
    {
        var values = Row(row, magnitudes);
        for (var i = 0; i < magnitudes.Length; i++) magnitudes[i] = Math.Abs(values[i]);
    }
}
