namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Variables of a block. Reading goes outwards, writing stays.</summary>
internal sealed class JinjaScope(JinjaScope? outer)
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public object? this[string name]
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.Outer)
                if (scope._variables.TryGetValue(name, out var value)) return value;
            return new JinjaUndefined(name);
        }
        set => _variables[name] = value;
    }

    /// <summary>The scope around.</summary>
    public JinjaScope? Outer { get; } = outer;
}
