namespace Hotplug.ConformanceTests.Models;

/// <summary>Text on other devices, against that of Cpu.</summary>
internal static class TextOfCpu
{
    // Where the best two logits are closer, another order of sums may choose the other.
    private const double CloseCall = 0.01;

    /// <summary>Fails unless the story goes on as on Cpu, given Cpu's tokens and by itself.</summary>
    public static Task StoryIsThatOfCpu(ConformanceHost host, string placement, int number, int tokens, double limit)
        => IsThatOfCpu(host, Material.Path("story", "hotplug-story-5m.Q8_0.gguf"), Material.Path("story"), placement, number, tokens, limit);

    /// <summary>Fails unless the text of a case goes on as on Cpu, given Cpu's tokens and by itself.</summary>
    public static async Task IsThatOfCpu(ConformanceHost host, string path, string folder, string placement, int number, int tokens, double limit)
    {
        var cpu = await CpuText.OfAsync(host, path, ReferenceCase.Read(folder, number), tokens);
        using var model = await host.LoadAsync(path, placement, context: 512, outputs: 1);
        TextTests.IsEqual(model, cpu, limit, CloseCall, generates: true);
    }
}
