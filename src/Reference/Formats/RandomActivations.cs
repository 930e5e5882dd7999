namespace Hotplug.Reference.Formats;

/// <summary>Random rows of activations. The same seed gives the same numbers.</summary>
public static class RandomActivations
{
    /// <summary>Fills a row.</summary>
    /// <param name="kind">What numbers.</param>
    /// <param name="random">Source of randomness; not shared with other threads.</param>
    /// <param name="row">The row; rows of one call are counted from its start.</param>
    public static void Fill(ActivationKind kind, Random random, Span<float> row)
    {
        var lit = 0;
        for (var i = 0; i < row.Length; i++)
        {
            if (i % 256 == 0) lit = i + random.Next(Math.Min(256, row.Length - i));
            var unit = random.NextSingle() * 2 - 1;
            row[i] = kind switch
            {
                ActivationKind.Ordinary => unit,
                ActivationKind.Sparse => i == lit ? unit : 0,
                ActivationKind.Zero => 0,
                ActivationKind.Outliers => i % 64 == 63 ? unit * 1000 : unit,
                ActivationKind.Large => unit * MathF.ScaleB(1, 20),
                ActivationKind.Tiny => unit * MathF.ScaleB(1, -40),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of activations."),
            };
        }
    }
}
