namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Kinds of tokens of a template.</summary>
internal enum JinjaTokenKind
{
    /// <summary>Text outside of tags.</summary>
    Text,
    /// <summary><c>{{</c></summary>
    BeginOutput,
    /// <summary><c>{%</c></summary>
    BeginBlock,
    /// <summary><c>}}</c> or <c>%}</c></summary>
    End,
    /// <summary>A name.</summary>
    Name,
    /// <summary>A string.</summary>
    String,
    /// <summary>A whole number.</summary>
    Integer,
    /// <summary>A number with a fraction or an exponent.</summary>
    Float,
    /// <summary>An operator or a bracket.</summary>
    Operator,
    /// <summary>The end of the template.</summary>
    EndOfTemplate,
}
