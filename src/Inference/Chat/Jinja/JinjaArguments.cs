namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Arguments of a call, evaluated.</summary>
/// <param name="Positional">Those without a name.</param>
/// <param name="Named">Those with one.</param>
internal sealed record JinjaArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    /// <summary>The argument at a place or of a name; undefined if there is none.</summary>
    public object? this[int at, string name] => at < Positional.Count ? Positional[at] : Named.TryGetValue(name, out var value) ? value : new JinjaUndefined(name);

    /// <summary>Like the indexer, with a default.</summary>
    public object? Or(int at, string name, object? otherwise) => this[at, name] is var value and not JinjaUndefined ? value : otherwise;

    /// <summary>A whole number, with a default.</summary>
    public long Whole(int at, string name, long otherwise)
        => Or(at, name, otherwise) is long number ? number : throw new JinjaException($"'{name}' has to be a whole number");

    /// <summary>A text.</summary>
    public string Text(int at, string name) => this[at, name] as string ?? throw new JinjaException($"'{name}' has to be a text");
}
