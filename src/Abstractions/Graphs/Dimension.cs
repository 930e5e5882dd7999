namespace Hotplug.Abstractions.Graphs;

/// <summary>An extent of a value: a constant, or a symbol that each step gives a number up to its bound.</summary>
public readonly record struct Dimension
{
    private Dimension(long constant, Symbol symbol) => (Constant, Symbol) = (constant, symbol);

    /// <summary>The tokens of the step.</summary>
    public static Dimension Tokens { get; } = new(0, Symbol.Tokens);
    /// <summary>The rows chosen for output.</summary>
    public static Dimension OutputRows { get; } = new(0, Symbol.OutputRows);
    /// <summary>The sequences of the step.</summary>
    public static Dimension Sequences { get; } = new(0, Symbol.Sequences);

    /// <summary>The number, if <see cref="Symbol"/> is <see cref="Symbol.None"/>.</summary>
    public long Constant { get; }

    /// <summary>The symbol, or <see cref="Symbol.None"/> for a constant.</summary>
    public Symbol Symbol { get; }

    /// <summary>The extent when the symbols have the numbers of <paramref name="bounds"/>.</summary>
    public long Resolve(in StepBounds bounds) => Symbol switch
    {
        Symbol.Tokens => bounds.Tokens,
        Symbol.OutputRows => bounds.OutputRows,
        Symbol.Sequences => bounds.Sequences,
        _ => Constant,
    };

    /// <summary>A constant extent.</summary>
    public static implicit operator Dimension(long constant) => new(constant, Symbol.None);

    /// <inheritdoc/>
    public override string ToString() => Symbol switch { Symbol.Tokens => "n", Symbol.OutputRows => "o", Symbol.Sequences => "s", _ => Constant.ToString() };
}
