using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hotplug.Cli.Configuration;

/// <summary>What was typed behind a command, apart from what holds without being typed.</summary>
internal static class SaidOptions
{
    /// <summary>Options with their values; a switch has none.</summary>
    public static IReadOnlyList<(Option Option, string[] Values)> Of(ParseResult arguments)
        => [.. arguments.CommandResult.Children.OfType<OptionResult>().Where(o => !o.Implicit).Select(o => (o.Option, o.Tokens.Select(t => t.Value).ToArray()))];

    /// <summary>What was typed for an argument, or null.</summary>
    public static string? Of(ParseResult arguments, Argument argument) => arguments.GetResult(argument)?.Tokens is [var token, ..] ? token.Value : null;

    /// <summary>An option as words of a command line.</summary>
    public static IEnumerable<string> Words(Option option, IReadOnlyList<string> values) => values.Count == 0 ? [option.Name] : values.Select(value => $"{option.Name}={value}");
}
