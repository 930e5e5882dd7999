namespace Hotplug.Server.OpenAI;

/// <summary>How an answer in events is given.</summary>
/// <param name="IncludeUsage">A last event, without choices, has the usage.</param>
internal sealed record StreamOptions(bool? IncludeUsage);
