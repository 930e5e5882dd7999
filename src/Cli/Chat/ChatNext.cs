namespace Hotplug.Cli.Chat;

/// <summary>What follows a command within a conversation.</summary>
internal enum ChatNext
{
    /// <summary>The next line.</summary>
    Listen,
    /// <summary>An answer to the messages there are.</summary>
    Answer,
    /// <summary>The end.</summary>
    End,
}
