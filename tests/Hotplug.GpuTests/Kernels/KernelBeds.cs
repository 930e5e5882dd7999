namespace Hotplug.GpuTests.Kernels;

/// <summary>The beds of a test class, each opened when first asked for and kept until the class has run: opening one, and its compiled kernels, are dear.</summary>
public sealed class KernelBeds : IDisposable
{
    private readonly Dictionary<string, KernelBed> _beds = [];

    /// <summary>The bed of a kind. Skips the test where the machine has none.</summary>
    public KernelBed this[string kind]
    {
        get
        {
            if (!_beds.TryGetValue(kind, out var bed)) _beds.Add(kind, bed = new KernelBed(kind));
            return bed;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var bed in _beds.Values) bed.Dispose();
    }
}
