using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Accelerators.Programs;

/// <summary>
/// Cosines and sines of a rotation for the rows of a step, computed on the host in double precision, since devices differ in their own and angles grow with the
/// position. The frequencies are those that <see cref="RopeParameters"/> define, computed once. Immutable; filling allocates nothing and may go on in several threads.
/// </summary>
public sealed class RopeTable
{
    private readonly double[] _frequencies;
    private readonly double _magnitude;

    /// <summary>Computes the frequencies.</summary>
    /// <param name="parameters">The rotation.</param>
    /// <param name="factors">What divides each frequency, one number per pair, or empty.</param>
    /// <exception cref="ArgumentException">The number of factors is not that of the pairs.</exception>
    public RopeTable(RopeParameters parameters, ReadOnlySpan<float> factors)
    {
        var width = parameters.RotaryWidth;
        _frequencies = new double[width / 2];
        if (!factors.IsEmpty && factors.Length != _frequencies.Length)
            throw new ArgumentException($"{factors.Length} factors do not fit the {_frequencies.Length} pairs of a rotary width of {width}.", nameof(factors));
        var yarn = parameters.ExtrapolationFactor != 0;
        // The pairs between which YaRN goes over from the original to the interpolated frequency.
        var low = yarn ? Math.Max(0, Math.Floor(PairOfTurns(parameters, parameters.BetaFast))) : 0;
        var high = yarn ? Math.Min(width - 1, Math.Ceiling(PairOfTurns(parameters, parameters.BetaSlow))) : 0;
        for (var i = 0; i < _frequencies.Length; i++)
        {
            var original = Math.Pow(parameters.Base, -2.0 * i / width) / (factors.IsEmpty ? 1 : factors[i]);
            var kept = (1 - Math.Clamp((i - low) / Math.Max(0.001, high - low), 0, 1)) * parameters.ExtrapolationFactor;
            _frequencies[i] = original * (parameters.FrequencyScale * (1 - kept) + kept);
        }
        _magnitude = parameters.AttentionFactor * (yarn ? 1 + 0.1 * Math.Log(1 / parameters.FrequencyScale) : 1);
    }

    /// <summary>Pairs that are rotated.</summary>
    public int Pairs => _frequencies.Length;

    /// <summary>Numbers of one row of the table: a cosine and a sine per pair.</summary>
    public int RowLength => 2 * _frequencies.Length;

    /// <summary>Fills the table <c>[row][pair][cosine, sine]</c>, magnitude included.</summary>
    /// <param name="positions">Positions of the rows.</param>
    /// <param name="table">Room for <see cref="RowLength"/> numbers per row.</param>
    public void Fill(ReadOnlySpan<int> positions, Span<float> table)
    {
        for (var row = 0; row < positions.Length; row++) Fill(positions[row], _magnitude, table.Slice(row * RowLength, RowLength));
    }

    /// <summary>Fills the table <c>[sequence][pair][cosine, sine]</c> for a shift of cached keys, which carry the magnitude already.</summary>
    /// <param name="sequences">The sequences with their shifts.</param>
    /// <param name="table">Room for <see cref="RowLength"/> numbers per sequence.</param>
    public void FillShifts(ReadOnlySpan<SequenceStep> sequences, Span<float> table)
    {
        for (var s = 0; s < sequences.Length; s++) Fill(sequences[s].PositionShift, 1, table.Slice(s * RowLength, RowLength));
    }

    private void Fill(int position, double magnitude, Span<float> row)
    {
        for (var i = 0; i < _frequencies.Length; i++)
        {
            var (sine, cosine) = Math.SinCos(position * _frequencies[i]);
            row[2 * i] = (float)(cosine * magnitude);
            row[2 * i + 1] = (float)(sine * magnitude);
        }
    }

    // The pair, as a real number, whose frequency makes so many turns within the original context.
    private static double PairOfTurns(RopeParameters parameters, double turns)
        => parameters.RotaryWidth * Math.Log(parameters.OriginalContext / (2 * Math.PI * turns)) / (2 * Math.Log(parameters.Base));
}
