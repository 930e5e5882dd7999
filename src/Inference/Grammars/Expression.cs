namespace Hotplug.Inference.Grammars;

/// <summary>What a rule says.</summary>
internal abstract record Expression
{
    /// <summary>A character out of ranges, which are in order and do not touch.</summary>
    public sealed record Characters(IReadOnlyList<(int Low, int High)> Ranges) : Expression;

    /// <summary>One after the other; none is the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<Expression> Items) : Expression;

    /// <summary>One of them.</summary>
    public sealed record Choice(IReadOnlyList<Expression> Alternatives) : Expression;

    /// <summary>So many times; null for any number.</summary>
    public sealed record Repeat(Expression Item, int Least, int? Most) : Expression;

    /// <summary>Another rule.</summary>
    public sealed record Rule(int Number) : Expression;
}
