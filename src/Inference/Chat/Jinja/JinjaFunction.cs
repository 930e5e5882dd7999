namespace Hotplug.Inference.Chat.Jinja;

/// <summary>What a template can call.</summary>
internal delegate object? JinjaFunction(JinjaArguments arguments);
