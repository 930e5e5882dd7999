using System.CommandLine;
using System.Globalization;
using System.Text;
using Hotplug.Cli;
using Hotplug.Cli.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
// Texts leave as UTF-8 whatever the terminal's locale says, and without a byte order mark in front of a redirected result.
Console.OutputEncoding = new UTF8Encoding(false);

var root = new RootCommand("Runs language models on any mix of accelerators; every accelerator is a plugin.")
{
    new RunCommand(),
    new ChatCommand(),
    new ServeCommand(),
    new HealthCommand(),
    new PlanCommand(),
    new DevicesCommand(),
    new DoctorCommand(),
    new PluginsCommand(),
    new InspectCommand(),
    new TokenizeCommand(),
    new LogitsCommand(),
    new EmbedCommand(),
    new DequantizeCommand(),
    new QuantizeCommand(),
    new PerplexityCommand(),
    new BenchCommand(),
    new SwapCommand(),
    new PlaceCommand(),
};
// A text may begin with an @; it is a text, not the name of a file of arguments.
var parsed = root.Parse(LiteralArguments.Join(args), new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
var problems = UnknownOptions.Complain(parsed, args) is { } unknown ? [unknown] : parsed.Errors.Select(e => e.Message).Distinct().ToArray();
if (problems.Length > 0)
{
    foreach (var problem in problems) Console.Error.WriteLine($"hotplug: {problem}");
    var command = CommandPath.Of(parsed.CommandResult) is { Length: > 0 } path ? $" {path}" : "";
    Console.Error.WriteLine($"Type 'hotplug{command} --help' to see what can be typed.");
    return ExitCode.Usage;
}
using var interruption = new Interruption();
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token);
}
catch (Exception e)
{
    return Failures.Report(e, Console.Error, args.Contains("-v") || args.Contains("--verbose"));
}
