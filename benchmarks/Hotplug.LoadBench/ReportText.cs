namespace Hotplug.LoadBench;

/// <summary>The figures for people, as a Markdown table.</summary>
internal static class ReportText
{
    public static string Line(LoadReport report) => $"{report.Requests} requests, {report.Failures.Count} failed, {report.TokensPerSecond:0.0} tokens/s, {report.ProcessorMilliseconds:0.0} ms of a processor per token";

    public static void Write(TextWriter writer, LoadOptions options, IReadOnlyList<LoadReport> reports)
    {
        writer.WriteLine($"{Path.GetFileName(options.Model)}: {options.Clients} clients, {options.Slots} slots, {options.Threads} threads, prompts of {options.PromptTokens} tokens, {options.AnswerTokens} new ones, {options.Duration.TotalSeconds:0} s");
        writer.WriteLine();
        writer.WriteLine("| server | requests | failed | tokens/s | processor per token | alone, tokens/s | ratio to alone | between tokens, p50 / p95 / p99 / most | first token, p50 / p95 / p99 | swaps, failed | anonymous memory before / tenth / middle / end, MiB | resident, MiB |");
        writer.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var r in reports)
            writer.WriteLine($"| {r.Server} | {r.Requests} | {r.Failures.Count} | {r.TokensPerSecond:0.0} | {r.ProcessorMilliseconds:0.0} ms | {r.AloneTokensPerSecond:0.0} | {r.TokensPerSecond / r.AloneTokensPerSecond:0.00} "
                + $"| {r.Gaps.Half:0} / {r.Gaps.Most:0} / {r.Gaps.Nearly:0} / {r.Gaps.All:0} ms | {r.First.Half:0} / {r.First.Most:0} / {r.First.Nearly:0} ms | {r.Swaps.Seconds.Count}, {r.Swaps.Failures.Count} "
                + $"| {Memory(r, m => m.Anonymous)} | {Memory(r, m => m.Resident)} |");
        writer.WriteLine();
        Compare("Throughput", (ours, theirs) => ours.TokensPerSecond / theirs.TokensPerSecond);
        Compare("Tokens per second of a processor", (ours, theirs) => theirs.ProcessorMilliseconds / ours.ProcessorMilliseconds);
        foreach (var failure in reports.SelectMany(r => r.Failures.Concat(r.Swaps.Failures).Take(10).Select(f => $"{r.Server}: {f}"))) writer.WriteLine(failure);

        void Compare(string what, Func<LoadReport, LoadReport, double> ratio)
        {
            // Servers in turn: of each round the first is Hotplug.
            var ratios = reports.Zip(reports.Skip(1)).Where(pair => pair.First.Server == reports[0].Server && pair.Second.Server != reports[0].Server).Select(pair => ratio(pair.First, pair.Second)).Order().ToArray();
            if (ratios.Length > 0) writer.WriteLine($"{what} against {reports[1].Server}, same round: {ratios[ratios.Length / 2]:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00}).");
        }
    }

    private static string Memory(LoadReport report, Func<MemorySample, long> value)
    {
        var samples = report.Memory;
        return string.Join(" / ", new[] { Around(0, 1), Around(0.1, 0.15), Around(0.475, 0.525), Around(0.95, 1) }.Select(b => $"{b / 1048576.0:0.0}"));

        // The first sample, or the median of a stretch.
        long Around(double from, double to)
        {
            if (samples.Count == 0) return 0;
            if (from == 0) return value(samples[0]);
            var first = Math.Min(samples.Count - 1, (int)(samples.Count * from));
            var stretch = samples.Skip(first).Take(Math.Max(1, (int)(samples.Count * to) - first)).Select(value).Order().ToArray();
            return stretch[stretch.Length / 2];
        }
    }
}
