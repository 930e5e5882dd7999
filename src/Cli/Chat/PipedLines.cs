namespace Hotplug.Cli.Chat;

/// <summary>Lines from a file or another program.</summary>
internal sealed class PipedLines(TextReader input) : ILineSource
{
    public string? Read(string prompt) => input.ReadLine();
}
