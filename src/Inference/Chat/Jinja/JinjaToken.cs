namespace Hotplug.Inference.Chat.Jinja;

/// <summary>A token of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a string what it says.</param>
/// <param name="Line">Its line, from 1 on.</param>
internal readonly record struct JinjaToken(JinjaTokenKind Kind, string Text, int Line);
