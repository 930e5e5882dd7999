using System.CommandLine;
using Hotplug.Cli.Control;
using Hotplug.Cli.Engines;
using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Plugins.Watching;

namespace Hotplug.Cli.Options;

/// <summary>The flags of commands that write for a while, and can be told meanwhile to run elsewhere.</summary>
internal sealed class LiveFlags
{
    private readonly Option<bool> _watch = new("--watch-plugins") { Description = "When a plugin's folder gets another content, put it in place while writing" };
    private readonly Option<string> _failover = new("--failover") { Description = "Who takes over when a backend fails: any, same (a fresh start of the same backend) or off", HelpName = "WHO", DefaultValueFactory = _ => "any" };

    public void AddTo(Command command)
    {
        command.Add(_watch);
        command.Add(_failover);
    }

    public FailoverOptions Failover(ParseResult arguments) => arguments.GetValue(_failover)!.ToLowerInvariant() switch
    {
        "any" => new(),
        "same" => new() { Policy = FailoverPolicy.SameBackend },
        "off" => new() { Policy = FailoverPolicy.Off },
        var word => throw new UsageException($"'{word}' is no value of --failover. Type any, same or off."),
    };

    /// <summary>Listens to <c>hotplug swap</c> and <c>hotplug place</c>, watches plugins if asked, and says on stderr what happens to the model. Dispose it before the engine.</summary>
    public IAsyncDisposable Begin(ParseResult arguments, Engine engine, bool verbose)
    {
        engine.Host.Transitioned += step =>
        {
            if (verbose || step.Kind is ModelTransitionKind.FailedOver or ModelTransitionKind.RolledBack or ModelTransitionKind.Stranded)
                Console.Error.WriteLine($"note: {step.Model}: {step.Kind}, {step.From} → {step.To}: {step.Reason}");
        };
        var watcher = arguments.GetValue(_watch)
            ? new PluginWatcher(engine.Catalog, async (change, cancellation) =>
            {
                try
                {
                    var swap = await engine.Host.SwapAsync(new(change.Id), cancellation);
                    Console.Error.WriteLine($"note: plugin {change.Id} {change.Version} is at work as generation {swap.To}");
                }
                catch (SwapRefusedException refused)
                {
                    Console.Error.WriteLine($"note: plugin {change.Id} {change.Version}: {refused.Message}");
                }
            })
            : null;
        return new Live(Listen(engine, verbose), watcher);
    }

    private static ControlServer? Listen(Engine engine, bool verbose)
    {
        try
        {
            return ControlServer.Start(new EngineControl(engine).HandleAsync);
        }
        // Text is written all the same.
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (verbose) Console.Error.WriteLine($"note: swap and place cannot reach this process: {failure.Message}");
            return null;
        }
    }

    private sealed class Live(ControlServer? server, PluginWatcher? watcher) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            watcher?.Dispose();
            if (watcher is not null) await watcher.Looking;
            if (server is not null) await server.DisposeAsync();
        }
    }
}
