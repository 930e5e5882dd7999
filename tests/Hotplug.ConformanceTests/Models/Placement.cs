using Hotplug.Runtime.Placement;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Where a model lies, in the words of the command line: a backend, then <c>--gpu-layers N</c> or <c>--place PATTERN=DEVICE</c>, as often as wanted.</summary>
internal static class Placement
{
    /// <summary>The wishes that the words stand for. Devices are written as everywhere: <c>cpu</c>, <c>gpu:cpu-emulation</c>.</summary>
    public static PlacementOptions Parse(string words)
    {
        var list = words.Split(' ');
        var options = new PlacementOptions { Backend = list[0] };
        for (var i = 1; i < list.Length; i += 2)
            options = list[i] switch
            {
                "--gpu-layers" => options with { OffloadedLayers = int.Parse(list[i + 1]) },
                "--place" => options with { Rules = [.. options.Rules, PlacementRule.Parse(list[i + 1])] },
                _ => throw new ArgumentException($"'{list[i]}' is no word of a placement.", nameof(words)),
            };
        return options;
    }

    /// <summary>Fails unless the plan uses exactly the devices that the words name: what was meant as a split must not pass by falling back to one device.</summary>
    public static void Check(string words, LoadPlan plan)
    {
        var options = Parse(words);
        var expected = new SortedSet<string>(options.Rules.Select(r => r.Device)) { options.Backend };
        if (options.OffloadedLayers is not null) expected.Add("cpu");
        Assert.Equal(expected, new SortedSet<string>(plan.Devices.Select(d => d.Name)));
        Assert.Empty(plan.Notes);
    }
}
