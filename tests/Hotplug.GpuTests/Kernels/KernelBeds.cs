namespace Hotplug.GpuTests.Kernels;

/// <summary>The beds of a test class, opened when first asked for: compiled kernels are kept with them.</summary>
public sealed class KernelBeds : IDisposable
{
    private readonly Dictionary<string, KernelBed> _beds = [];

    /// <summary>A bed by its kind. Skips the test where there is none.</summary>
    public KernelBed this[string kind]
    {
        get
        {
            if (_beds.TryGetValue(kind, out var bed)) return bed;
            return _beds[kind] = new KernelBed(kind);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var bed in _beds.Values) bed.Dispose();
    }
}
