using System.Reflection;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Server.Hosting;

namespace Hotplug.Server.Administration;

/// <summary>Writes down how the server stands. A model is told of once it writes; of others there is the name.</summary>
internal sealed class StateReport(ModelDirectory directory, ServedModels served, IBackendCatalog? catalog, TokenRates rates, TimeProvider time)
{
    private static readonly string Version = typeof(StateReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private readonly long _start = time.GetTimestamp();

    public StateDocument Write() => new()
    {
        Version = Version,
        UptimeSeconds = Math.Round(time.GetElapsedTime(_start).TotalSeconds, 1),
        Models = [.. directory.Names.Select(Of)],
        Backends = catalog is null ? [] : [.. catalog.Backends.Select(b => new StateDocument.BackendItem(b.Id, b.Name, b.Version, b.Kind.ToString(), b.State.ToString(), b.Generation, b.Devices, b.OnlyWhenNamed, b.Problem))],
    };

    private StateDocument.ModelState Of(string name)
    {
        var texts = served.Loaded.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (texts is null) return new(name);
        var (model, report) = (texts.Model, texts.Model.Describe());
        var receipt = report.Receipt;
        return new(name, model.Source.Description.Purpose.ToString())
        {
            File = model.Name, Architecture = model.Source.Description.Architecture, Context = model.Context, Deployment = report.Deployment, Place = report.Place, Devices = [.. report.Plan.Devices.Select(d => d.Name)],
            Slots = texts.Scheduler.Slots, Writing = texts.Scheduler.Writing, Waiting = texts.Scheduler.Waiting,
            GeneratedTokens = model.TokensChosen, TokensPerSecond = Math.Round(rates.Of(model), 1),
            Memory = new(receipt.Mapped, receipt.Committed, receipt.OnDevice, receipt.LockAsked, receipt.Locked, receipt.Resident, receipt.NotLocked, receipt.Parts.Any(p => p.Measured)),
        };
    }
}
