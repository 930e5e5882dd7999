using Hotplug.Cli.Engines;
using Hotplug.Cli.Output;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Commands;

/// <summary>Loads a model the way every command does: with progress, and on request the plan and the receipt, all on stderr.</summary>
internal static class Loading
{
    public static async Task<LanguageModel> LoadAsync(Engine engine, ModelSource source, ModelOptions options, bool verbose, CancellationToken cancellation,
        ModelPurpose purpose = ModelPurpose.Text, StartupTrace? trace = null)
    {
        if (source.Description.Purpose != purpose)
            throw new UsageException(purpose == ModelPurpose.Text
                ? $"A model of the architecture '{source.Description.Architecture}' makes embeddings and writes no text. Type: hotplug embed {source.File.Paths[0]} --text TEXT"
                : $"A model of the architecture '{source.Description.Architecture}' writes text and makes no embeddings. Use one of bert or nomic-bert.");
        var display = new LoadDisplay(Console.Error, !Console.IsErrorRedirected, verbose);
        try
        {
            var model = await engine.Host.LoadAsync(source, options, plan =>
            {
                trace?.Mark("backend opened, plan made");
                if (verbose) Console.Error.WriteLine(PlanText.Summary(plan));
                foreach (var note in plan.Notes) Console.Error.WriteLine($"note: {note}");
            }, display, cancellation);
            display.Finish();
            if (verbose) Console.Error.WriteLine(model.Executor.Receipt.ToText());
            else
                foreach (var notice in model.Executor.Receipt.Notices) Console.Error.WriteLine($"note: {notice}");
            return model;
        }
        finally
        {
            display.Finish();
        }
    }
}
