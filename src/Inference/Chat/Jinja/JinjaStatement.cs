namespace Hotplug.Inference.Chat.Jinja;

/// <summary>A part of a template.</summary>
internal abstract record JinjaStatement(int Line)
{
    /// <summary>Text that comes out as it stands.</summary>
    public sealed record Text(string Value, int Line) : JinjaStatement(Line);

    /// <summary>A value that comes out.</summary>
    public sealed record Output(JinjaExpression Value, int Line) : JinjaStatement(Line);

    /// <summary>A loop.</summary>
    public sealed record For(IReadOnlyList<string> Targets, JinjaExpression Over, JinjaExpression? Where, IReadOnlyList<JinjaStatement> Body, IReadOnlyList<JinjaStatement> Else, int Line) : JinjaStatement(Line);

    /// <summary>A choice.</summary>
    public sealed record If(IReadOnlyList<(JinjaExpression Condition, IReadOnlyList<JinjaStatement> Body)> Branches, IReadOnlyList<JinjaStatement> Else, int Line) : JinjaStatement(Line);

    /// <summary>Sets variables, or a member of a namespace.</summary>
    public sealed record Set(IReadOnlyList<string> Targets, string? Member, JinjaExpression Value, int Line) : JinjaStatement(Line);

    /// <summary>Sets a variable to what comes out of a body, possibly through a filter.</summary>
    public sealed record Capture(string? Target, IReadOnlyList<(string Name, JinjaArgumentList Arguments)> Filters, IReadOnlyList<JinjaStatement> Body, int Line) : JinjaStatement(Line);

    /// <summary>Defines a macro.</summary>
    public sealed record Macro(string Name, IReadOnlyList<(string Name, JinjaExpression? Default)> Parameters, IReadOnlyList<JinjaStatement> Body, int Line) : JinjaStatement(Line);

    /// <summary>Ends a turn of a loop, or the loop.</summary>
    public sealed record Jump(bool Ends, int Line) : JinjaStatement(Line);

    /// <summary>Parts that belong together and change nothing.</summary>
    public sealed record Group(IReadOnlyList<JinjaStatement> Body, int Line) : JinjaStatement(Line);
}
