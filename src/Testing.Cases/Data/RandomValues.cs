namespace Hotplug.Testing.Data;

/// <summary>Random activations.</summary>
public static class RandomValues
{
    /// <summary>Fills a row.</summary>
    public static void Fill(ValueKind kind, Random random, Span<float> row)
    {
        var lit = row.Length == 0 ? 0 : random.Next(row.Length);
        for (var i = 0; i < row.Length; i++)
        {
            var unit = random.NextSingle() * 2 - 1;
            row[i] = kind switch
            {
                ValueKind.Ordinary => unit,
                ValueKind.Zero => 0,
                ValueKind.Sparse => i == lit ? unit : 0,
                ValueKind.Outliers => i % 37 == 5 ? unit * 1000 : unit,
                ValueKind.Large => unit * 1e6f,
                ValueKind.Small => unit * 1e-12f,
                ValueKind.Steps => random.Next(-4, 5) * 0.75f,
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of values."),
            };
        }
    }
}
