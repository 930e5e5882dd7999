using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Hotplug.Cli.Commands;

/// <summary>Finds options that a command does not know. The parser takes them for arguments, and a mistyped option would become the model or the prompt.</summary>
internal static partial class UnknownOptions
{
    /// <summary>What to say of the first one, or null. Words behind <c>--</c> are texts, whatever they look like.</summary>
    public static string? Complain(ParseResult parsed, string[] arguments)
    {
        var texts = arguments.SkipWhile(word => word != "--").ToHashSet();
        var unknown = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .FirstOrDefault(token => OneWord().IsMatch(token.Value) && !texts.Contains(token.Value));
        return unknown is null ? null : $"There is no option '{unknown.Value}'. If it is a text, put it behind --: hotplug {CommandPath.Of(parsed.CommandResult)} -- \"{unknown.Value}\"";
    }

    [GeneratedRegex("^--?[A-Za-z][A-Za-z0-9-]*(=.*)?$")]
    private static partial Regex OneWord();
}
