using System.CommandLine;
using Hotplug.Cli.Control;
using Hotplug.Inference.Deployment;

namespace Hotplug.Cli.Commands;

/// <summary>The flags of commands that ask something of a running process.</summary>
internal sealed class ControlFlags
{
    private readonly Option<int?> _process = new("--pid") { Description = "The process to ask (default: the only one that listens)", HelpName = "N" };
    private readonly Option<string?> _policy = new("--policy") { Description = $"What becomes of texts being written: {SwapPolicies.Words} (default: migrate)", HelpName = "POLICY" };
    private readonly Option<int?> _probation = new("--probation") { Description = "Tokens for which the old place stands by (default: 32)", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _process, _policy, _probation }) command.Add(option);
    }

    /// <summary>Asks, with what the flags say added.</summary>
    public async Task<int> AskAsync(ParseResult arguments, ControlRequest request, CancellationToken cancellation)
    {
        // Understood here, so that a word mistyped is said before anything is asked.
        if (arguments.GetValue(_policy) is { } policy) _ = SwapPolicies.Parse(policy);
        if (arguments.GetValue(_probation) is < 0) throw new UsageException("--probation makes no sense below 0.");
        return await ControlClient.AskAsync(arguments.GetValue(_process), request with { Policy = arguments.GetValue(_policy), ProbationSteps = arguments.GetValue(_probation) },
            reply => (reply.ExitCode is null or ExitCode.Done ? Console.Out : Console.Error).WriteLine(reply.ExitCode is null or ExitCode.Done ? reply.Text : $"hotplug: {reply.Text}"), cancellation);
    }
}
