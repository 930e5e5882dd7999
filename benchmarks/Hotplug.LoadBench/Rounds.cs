using Hotplug.LoadBench.Servers;

namespace Hotplug.LoadBench;

/// <summary>Every server in turn, each started anew.</summary>
internal sealed class Rounds(LoadOptions options)
{
    public async Task<IReadOnlyList<LoadReport>> RunAsync(CancellationToken cancellation)
    {
        using var hotplug = new HotplugServer(options);
        IServer[] servers = options.Peer is null ? [hotplug] : [hotplug, new LlamaServer(options)];
        var reports = new List<LoadReport>();
        AloneTexts? texts = null;
        for (var round = 0; round < options.Rounds; round++)
            foreach (var server in servers)
            {
                Console.Error.WriteLine($"round {round + 1}: {server.Name}");
                var (process, address) = await server.StartAsync(cancellation);
                await using (process)
                {
                    using (var client = new CompletionClient(address, options.AnswerTokens))
                    {
                        // Of every server for its speed alone; the texts of Hotplug are those that it has to write again.
                        var alone = await AloneTexts.ReadAsync(client, texts is null ? options : options with { Prompts = Math.Min(options.Prompts, 12) }, cancellation);
                        texts ??= alone;
                        reports.Add(await new LoadRun(options, client, process.Id, server.Swaps(process)).RunAsync(server.Name, texts.Texts, server == hotplug, alone.TokensPerSecond, cancellation));
                    }
                    await process.StopAsync();
                }
                Console.Error.WriteLine($"  {ReportText.Line(reports[^1])}");
            }
        return reports;
    }
}
