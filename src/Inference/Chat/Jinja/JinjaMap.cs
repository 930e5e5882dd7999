namespace Hotplug.Inference.Chat.Jinja;

/// <summary>A mapping in order of insertion. Templates read it; only namespaces can be written to.</summary>
internal sealed class JinjaMap(bool isNamespace = false)
{
    private readonly OrderedDictionary<string, object?> _members = new(StringComparer.Ordinal);

    /// <summary>True for what <c>namespace()</c> makes.</summary>
    public bool IsNamespace { get; } = isNamespace;

    public int Count => _members.Count;

    public IEnumerable<string> Keys => _members.Keys;

    public IEnumerable<object?> Values => _members.Values;

    public object? this[string key]
    {
        set => _members[key] = value;
    }

    public bool TryGet(string key, out object? value) => _members.TryGetValue(key, out value);

    public bool Has(string key) => _members.ContainsKey(key);
}
