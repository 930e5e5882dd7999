using System.Text.Json.Nodes;
using Hotplug.Inference.Deployment;
using Xunit;

namespace Hotplug.ServerTests.Faults;

/// <summary>Swaps that go wrong while clients read.</summary>
public sealed class FailedSwapTests
{
    [Fact]
    public async Task A_swap_that_fails_under_load_leaves_every_text_as_it_is()
    {
        await using var server = await StoryServer.StartAsync(slots: 3);
        var alone = await TextAsync(server);
        var nowhere = Directory.CreateTempSubdirectory("hotplug-no-plugin-").FullName;
        var broken = Directory.CreateDirectory(Path.Combine(nowhere, "cpu")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "plugins", "cpu"))) File.Copy(file, Path.Combine(broken, Path.GetFileName(file)));
        // The same plugin with its code cut short.
        using (var code = new FileStream(Path.Combine(broken, "Hotplug.Cpu.dll"), FileMode.Open)) code.SetLength(code.Length / 2);
        try
        {
            using var end = new CancellationTokenSource();
            var readers = Enumerable.Range(0, 5).Select(async _ =>
            {
                var read = 0;
                for (; !end.IsCancellationRequested || read == 0; read++) Assert.Equal(alone, await TextAsync(server));
                return read;
            }).ToArray();
            foreach (var folder in new[] { Path.Combine(nowhere, "missing"), broken, broken })
            {
                var refused = await Assert.ThrowsAsync<SwapRefusedException>(() => server.Host.SwapAsync(new("cpu") { Folder = folder }, TestContext.Current.CancellationToken));
                Assert.NotEmpty(refused.Message);
            }
            await Assert.ThrowsAsync<SwapRefusedException>(() => server.Host.SwapAsync(new("nothing"), TestContext.Current.CancellationToken));
            await end.CancelAsync();
            Assert.All(await Task.WhenAll(readers), read => Assert.True(read > 0));
            Assert.Equal(alone, await TextAsync(server));
        }
        finally
        {
            Directory.Delete(nowhere, recursive: true);
        }
    }

    private static async Task<string> TextAsync(StoryServer server)
        => string.Concat((await server.StreamAsync("/v1/completions", StoryServer.Completion(40))).SkipLast(1).Select(e => (string)JsonNode.Parse(e)!["choices"]![0]!["text"]!));
}
