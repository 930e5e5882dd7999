using System.Globalization;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Where models lie in the tests of a graphics processor; <c>{0}</c> stands for the device.</summary>
internal static class DevicePlaces
{
    /// <summary>The word for all of a model on the device.</summary>
    public const string Whole = "{0}";

    /// <summary>Layers with weights on both, caches on either, and three devices in one layer.</summary>
    private static readonly string[] Patterns =
    [
        Whole,
        "cpu --place blk.*.ffn_*={0}",
        "cpu --place blk.*.attn_*={0}",
        "{0} --place blk.*.attn_*=cpu",
        "{0} --place token_embd.weight=cpu",
        "cpu --place blk.*.attn_k.weight={0} --place blk.*.ffn_up.weight=far --place blk.*.ffn_gate.weight={0}",
    ];

    /// <summary>Architectures with their patterns, and with every place at which the layers can be parted.</summary>
    public static TheoryData<string, string> Architectures
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in ArchitectureTests.Names)
            {
                foreach (var pattern in Patterns) data.Add(name, pattern);
                foreach (var layers in ArchitectureTests.Splits(name)) data.Add(name, $"{{0}} --gpu-layers {layers}");
            }
            return data;
        }
    }

    /// <summary>The words with the device in them.</summary>
    public static string On(string device, string placement) => string.Format(CultureInfo.InvariantCulture, placement, device);
}
