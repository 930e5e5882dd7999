namespace Hotplug.Cli.Chat;

/// <summary>A file holds no conversation that can be gone on with.</summary>
internal sealed class ConversationFileException(string path, string problem, Exception? inner = null)
    : Exception($"{path}: {problem}. Give a file that was written by /save.", inner);
