namespace Hotplug.Metal.Interop;

/// <summary>
/// Counts the references that the binding holds, by class. There are no finalizers to give a forgotten one back (after an unload there would be
/// nothing left to call), so tests and shutdown look here.
/// </summary>
internal sealed class ObjectLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _live = [];

    /// <summary>References that are held.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _live.Values.Sum();
        }
    }

    /// <summary>Notes a reference taken.</summary>
    public void Taken(string kind)
    {
        lock (_lock) _live[kind] = _live.GetValueOrDefault(kind) + 1;
    }

    /// <summary>Notes a reference given back.</summary>
    public void Given(string kind)
    {
        lock (_lock) _live[kind]--;
    }

    /// <summary>What is held: <c>3 MetalBuffer, 1 MetalQueue</c>; empty when nothing is.</summary>
    public override string ToString()
    {
        lock (_lock) return string.Join(", ", _live.Where(p => p.Value != 0).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Value} {p.Key}"));
    }
}
