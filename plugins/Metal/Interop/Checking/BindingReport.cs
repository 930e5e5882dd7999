namespace Hotplug.Metal.Interop.Checking;

/// <summary>What comparing the binding with the live runtime gave.</summary>
/// <param name="Rows">Every message, in order of its value.</param>
internal sealed record BindingReport(IReadOnlyList<BindingRow> Rows)
{
    /// <summary>Whether Metal may be used: nothing is missing and nothing differs.</summary>
    public bool IsUsable => !Rows.Any(r => r.IsFailure);

    /// <summary>Rows with a finding.</summary>
    public int Count(BindingFinding finding) => Rows.Count(r => r.Finding == finding);

    /// <summary>All failures in one line, or that there is none.</summary>
    public string Summary => IsUsable
        ? $"{Count(BindingFinding.Equal)} of {Rows.Count} methods equal"
        : string.Join("; ", Rows.Where(r => r.IsFailure));
}
