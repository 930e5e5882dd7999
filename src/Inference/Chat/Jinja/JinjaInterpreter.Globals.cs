namespace Hotplug.Inference.Chat.Jinja;

/// <content>Functions that every template has.</content>
internal sealed partial class JinjaInterpreter
{
    private void AddGlobals()
    {
        _globals["range"] = (JinjaFunction)Range;
        _globals["dict"] = (JinjaFunction)(arguments => Map(arguments, isNamespace: false));
        _globals["namespace"] = (JinjaFunction)(arguments => Map(arguments, isNamespace: true));
        _globals["raise_exception"] = (JinjaFunction)(arguments => throw new JinjaException($"it refuses the conversation: {Text(arguments[0, "message"])}"));
        _globals["strftime_now"] = (JinjaFunction)(arguments => JinjaDate.Format(_time.GetLocalNow(), arguments.Text(0, "format")));
    }

    private object Range(JinjaArguments arguments)
    {
        var (first, second, step) = (arguments.Whole(0, "start", 0), arguments.Positional.Count > 1 ? arguments.Whole(1, "stop", 0) : (long?)null, arguments.Whole(2, "step", 1));
        var (start, stop) = second is { } end ? (first, end) : (0, first);
        if (step == 0) throw new JinjaException("a range cannot go in steps of 0");
        var count = step > 0 ? ((Int128)stop - start + step - 1) / step : ((Int128)start - stop - step - 1) / -(Int128)step;
        if (count <= 0) return new List<object?>();
        _budget.List((long)Int128.Min(count, long.MaxValue));
        return Enumerable.Range(0, (int)count).Select(i => (object?)(start + i * step)).ToList();
    }

    private static JinjaMap Map(JinjaArguments arguments, bool isNamespace)
    {
        var map = new JinjaMap(isNamespace);
        if (arguments.Positional is [JinjaMap from])
            foreach (var key in from.Keys)
            {
                from.TryGet(key, out var value);
                map[key] = value;
            }
        else if (arguments.Positional.Count > 0) throw new JinjaException("a mapping is made of another one, or of names and values");
        foreach (var (name, value) in arguments.Named) map[name] = value;
        return map;
    }
}
