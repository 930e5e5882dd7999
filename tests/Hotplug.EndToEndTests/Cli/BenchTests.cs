using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug bench</c> and <c>run --startup-trace</c>: what they say adds up. How fast it is, no test says.</summary>
public sealed class BenchTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task Speeds_are_shares_of_what_the_device_can_do()
    {
        var bench = await command.JsonAsync("bench", "-p", "24", "-n", "8", "-d", "40", "-r", "1", "-t", "2", "--roofline", "--json");
        Assert.Equal(40, bench.GetProperty("depth").GetInt32());
        Assert.Equal(24, bench.GetProperty("prefill").GetProperty("tokens").GetInt32());
        // Of the whole process, whatever its other threads do.
        Assert.InRange(bench.GetProperty("decode").GetProperty("allocatedBytesPerToken").GetDouble(), 0, 100);
        var limits = bench.GetProperty("roofline").GetProperty("figures").EnumerateArray().ToList();
        Assert.All(limits, limit => Assert.True(limit.GetProperty("value").GetDouble() > 0));
        Assert.Equal([1, 2], limits.Where(l => l.GetProperty("kind").GetString() == "ReadBandwidth").Select(l => l.GetProperty("threads").GetInt32()));
        var bandwidth = limits.Where(l => l.GetProperty("kind").GetString() == "ReadBandwidth").Max(l => l.GetProperty("value").GetDouble());
        // The story model: 5.8 million weights in Q8_0, those of the embedding read once, as the output.
        var bytes = bench.GetProperty("decodeShareOfBandwidth").GetDouble() * bandwidth / bench.GetProperty("decode").GetProperty("tokensPerSecond").GetDouble();
        Assert.InRange(bytes, 5.8e6, 6.3e6);
    }

    [Theory]
    [InlineData("-d", "-1")]
    [InlineData("-d", "500", "--context", "512")]
    public async Task What_cannot_be_measured_is_refused(params string[] words)
    {
        var result = await command.RunAsync(["bench", .. words]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words[1] == "-1" ? "--depth -1" : "1012 tokens do not fit --context 512", result.Error);
    }

    [Fact]
    public async Task The_trace_of_a_start_has_every_stage_and_leaves_the_text_alone()
    {
        var result = await command.RunAsync("run", "Once upon a time", "-n", "4", "--temp", "0", "--startup-trace");
        var plain = await command.RunAsync("run", "Once upon a time", "-n", "4", "--temp", "0");
        Assert.Equal(plain.Output, result.Output);
        foreach (var stage in new[] { "process, runtime", "plugins found", "model file opened", "plan made", "model loaded", "prompt read", "first token" }) Assert.Contains(stage, result.Error);
    }
}
