namespace Hotplug.Inference.Chat.Jinja;

/// <summary>The variable <c>loop</c>.</summary>
internal sealed class JinjaLoop(IReadOnlyList<object?> items, int depth)
{
    private object? _last;
    private bool _hasLast;

    /// <summary>The turn, from 0 on.</summary>
    public int At { get; set; }

    public object? Get(string name) => name switch
    {
        "index" => (long)At + 1,
        "index0" => (long)At,
        "revindex" => (long)items.Count - At,
        "revindex0" => (long)items.Count - At - 1,
        "first" => At == 0,
        "last" => At == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => At > 0 ? items[At - 1] : new JinjaUndefined("previtem"),
        "nextitem" => At + 1 < items.Count ? items[At + 1] : new JinjaUndefined("nextitem"),
        "depth" => (long)depth,
        "depth0" => (long)depth - 1,
        "cycle" => (JinjaFunction)(arguments => arguments.Positional.Count > 0 ? arguments.Positional[At % arguments.Positional.Count] : throw new JinjaException("there is nothing to go around in")),
        "changed" => (JinjaFunction)Changed,
        _ => new JinjaUndefined($"loop.{name}"),
    };

    private object? Changed(JinjaArguments arguments)
    {
        var value = arguments[0, "value"];
        var changed = !_hasLast || !JinjaValue.AreEqual(_last, value);
        (_last, _hasLast) = (value, true);
        return changed;
    }
}
