namespace Hotplug.Testing.Data;

/// <summary>What kind of numbers random activations are.</summary>
public enum ValueKind
{
    /// <summary>Between −1 and 1.</summary>
    Ordinary,
    /// <summary>All zero.</summary>
    Zero,
    /// <summary>One element other than zero in a row: the bound of a product is sharpest there.</summary>
    Sparse,
    /// <summary>Ordinary with elements a thousand times larger among them.</summary>
    Outliers,
    /// <summary>Up to a million.</summary>
    Large,
    /// <summary>Below 10⁻¹².</summary>
    Small,
    /// <summary>Few different numbers, so that there are ties.</summary>
    Steps,
}
