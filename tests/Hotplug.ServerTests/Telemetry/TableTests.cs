using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Models;
using Hotplug.Inference.Telemetry;
using Hotplug.Runtime.Plugins.Services;
using Hotplug.Server.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Hotplug.ServerTests.Telemetry;

/// <summary>The tables of docs/telemetry.md and the program say the same.</summary>
public sealed partial class TableTests
{
    private static readonly Assembly[] Libraries = [typeof(RuntimeMeter).Assembly, typeof(ModelHost).Assembly, typeof(ServedModels).Assembly, typeof(HotplugServerOptions).Assembly];

    private static string Page => File.ReadAllText(Path.Combine(Root(), "docs", "telemetry.md"));

    [Fact]
    public void Every_log_event_has_an_id_of_its_own_that_stands_in_the_table()
    {
        var events = Libraries.SelectMany(a => a.GetTypes()).SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(e => (Id: e.EventId, Name: e.EventName)).ToList();
        Assert.True(events.Count > 15);
        Assert.All(events, e => Assert.NotNull(e.Name));
        Assert.Equal(events.Count, events.Select(e => e.Id).Distinct().Count());
        var table = EventRow().Matches(Page).Select(m => (Id: int.Parse(m.Groups[1].Value), Name: (string?)m.Groups[2].Value)).ToList();
        Assert.Equal(events.OrderBy(e => e.Id), table);
    }

    [Fact]
    public void Every_instrument_stands_in_the_table()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name.StartsWith("Hotplug.", StringComparison.Ordinal)) names.Add(instrument.Name); } };
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(InferenceMeter).TypeHandle);
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(RuntimeMeter).TypeHandle);
        listener.Start();
        // Those that plugins feed are theirs.
        names.RemoveWhere(name => name.StartsWith(RuntimeMeter.PluginPrefix, StringComparison.Ordinal) && name != "hotplug.plugin.rejections");
        Assert.Equal(names, new SortedSet<string>(InstrumentRow().Matches(Page).Select(m => m.Groups[1].Value), StringComparer.Ordinal));
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Framework.sln"))) return folder.FullName;
        throw new InvalidOperationException("Framework.sln is not above the tests.");
    }

    [GeneratedRegex(@"^\| (\d{4}) \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();

    [GeneratedRegex(@"^\| `((?:hotplug|gen_ai)\.[\w.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex InstrumentRow();
}
