using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hotplug.Cli.Commands;

/// <summary>A command as it is typed behind <c>hotplug</c>: with the commands it belongs to.</summary>
internal static class CommandPath
{
    /// <summary>The words, empty for the program itself.</summary>
    public static string Of(CommandResult result)
        => result.Command is RootCommand ? "" : result.Parent is CommandResult parent ? $"{Of(parent)} {result.Command.Name}".TrimStart() : result.Command.Name;
}
