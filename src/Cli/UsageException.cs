namespace Hotplug.Cli;

/// <summary>The command line asks for something that makes no sense. The message says what to type instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
