namespace Hotplug.Cli.Chat;

/// <summary>Where the lines of the user come from.</summary>
internal interface ILineSource
{
    /// <summary>The next line; null at the end.</summary>
    string? Read(string prompt);
}
