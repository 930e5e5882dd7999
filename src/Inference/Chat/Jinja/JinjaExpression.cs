namespace Hotplug.Inference.Chat.Jinja;

/// <summary>An expression of a template.</summary>
internal abstract record JinjaExpression(int Line)
{
    /// <summary>A value as it stands.</summary>
    public sealed record Constant(object? Value, int Line) : JinjaExpression(Line);

    /// <summary>A variable.</summary>
    public sealed record Name(string Text, int Line) : JinjaExpression(Line);

    /// <summary>A list or a tuple.</summary>
    public sealed record List(IReadOnlyList<JinjaExpression> Items, int Line) : JinjaExpression(Line);

    /// <summary>A mapping.</summary>
    public sealed record Map(IReadOnlyList<(JinjaExpression Key, JinjaExpression Value)> Pairs, int Line) : JinjaExpression(Line);

    /// <summary><c>a.b</c></summary>
    public sealed record Attribute(JinjaExpression Of, string Text, int Line) : JinjaExpression(Line);

    /// <summary><c>a[b]</c></summary>
    public sealed record Index(JinjaExpression Of, JinjaExpression At, int Line) : JinjaExpression(Line);

    /// <summary><c>a[b:c:d]</c></summary>
    public sealed record Slice(JinjaExpression Of, JinjaExpression? From, JinjaExpression? To, JinjaExpression? Step, int Line) : JinjaExpression(Line);

    /// <summary><c>a(b, c=d)</c></summary>
    public sealed record Call(JinjaExpression Function, JinjaArgumentList Arguments, int Line) : JinjaExpression(Line);

    /// <summary><c>a | b(c)</c></summary>
    public sealed record Filter(JinjaExpression Of, string Text, JinjaArgumentList Arguments, int Line) : JinjaExpression(Line);

    /// <summary><c>a is b(c)</c></summary>
    public sealed record Test(JinjaExpression Of, string Text, JinjaArgumentList Arguments, bool Negated, int Line) : JinjaExpression(Line);

    /// <summary><c>not a</c>, <c>-a</c>, <c>+a</c></summary>
    public sealed record Unary(string Operator, JinjaExpression Of, int Line) : JinjaExpression(Line);

    /// <summary><c>a + b</c> and the like, comparisons, <c>and</c>, <c>or</c>, <c>in</c></summary>
    public sealed record Binary(string Operator, JinjaExpression Left, JinjaExpression Right, int Line) : JinjaExpression(Line);

    /// <summary><c>a if b else c</c></summary>
    public sealed record Conditional(JinjaExpression Condition, JinjaExpression Then, JinjaExpression? Else, int Line) : JinjaExpression(Line);
}
