using Hotplug.Cli.Engines;
using Hotplug.Inference.Deployment;

namespace Hotplug.Cli.Control;

/// <summary>Does what is asked of this process by <c>hotplug swap</c> and <c>hotplug place</c>.</summary>
internal sealed class EngineControl(Engine engine)
{
    public async Task<(int ExitCode, string Text)> HandleAsync(ControlRequest request, Func<string, Task> say, CancellationToken cancellation) => request.Command switch
    {
        "swap" => await SwapAsync(request, say, cancellation),
        "place" => await PlaceAsync(request, say, cancellation),
        _ => throw new UsageException($"'{request.Command}' is not understood; what is: swap, place."),
    };

    private async Task<(int, string)> SwapAsync(ControlRequest request, Func<string, Task> say, CancellationToken cancellation)
    {
        var asked = new SwapRequest { Backend = request.Backend, Policy = request.Policy, ProbationSteps = request.ProbationSteps }.ToSwap(request.Folder);
        var (backend, swap) = (asked.Backend, await engine.Host.SwapAsync(asked, cancellation));
        foreach (var model in swap.Models) await say(model.ToString());
        var done = $"{backend}: generation {swap.To} (version {swap.Version}) is at work" + (swap.From is { } before ? $", generation {before} stands by." : ".");
        if (!request.Wait) return (ExitCode.Done, done);
        await say(done);
        var outcome = await swap.Completion.WaitAsync(cancellation);
        if (outcome.Failure is { } failure) return (ExitCode.BackendFault, $"{backend}: went back to generation {swap.From}: {failure}");
        return (ExitCode.Done, outcome.Retired is not { } retired ? $"{backend}: nothing had to be retired."
            : $"{backend}: generation {swap.From} is {retired.State.ToString().ToLowerInvariant()}{(retired.Holders.Count == 0 ? "" : $", held by {string.Join("; ", retired.Holders)}")}.");
    }

    private async Task<(int, string)> PlaceAsync(ControlRequest request, Func<string, Task> say, CancellationToken cancellation)
    {
        var models = engine.Host.Models;
        if (models.Count == 0) throw new UsageException("No model is loaded there yet.");
        var place = new PlaceRequest { Backend = request.Backend, GpuLayers = request.GpuLayers, Place = request.Place, Policy = request.Policy, ProbationSteps = request.ProbationSteps };
        var moves = new List<string>();
        foreach (var model in models)
        {
            var move = await place.ApplyAsync(model, cancellation);
            foreach (var note in move.Notes) await say($"note: {note}");
            moves.Add(move.ToString());
        }
        return (ExitCode.Done, string.Join(Environment.NewLine, moves));
    }
}
