namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Arguments as they are written.</summary>
/// <param name="Positional">Those without a name.</param>
/// <param name="Named">Those with one.</param>
internal sealed record JinjaArgumentList(IReadOnlyList<JinjaExpression> Positional, IReadOnlyList<(string Name, JinjaExpression Value)> Named)
{
    public static JinjaArgumentList None { get; } = new([], []);
}
