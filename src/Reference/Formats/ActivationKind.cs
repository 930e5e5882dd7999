namespace Hotplug.Reference.Formats;

/// <summary>What kind of numbers random activations are.</summary>
public enum ActivationKind
{
    /// <summary>Every element between −1 and 1.</summary>
    Ordinary,
    /// <summary>
    /// One element other than zero in every 256: quantising such a row changes next to nothing, so that the bound of a product is at its sharpest and shows
    /// a wrong scale or a swapped code.
    /// </summary>
    Sparse,
    /// <summary>All zero.</summary>
    Zero,
    /// <summary>Ordinary, with one element a thousand times larger in every 64, as in real models.</summary>
    Outliers,
    /// <summary>Every element up to 2^20.</summary>
    Large,
    /// <summary>Every element below 2^-40.</summary>
    Tiny,
}
