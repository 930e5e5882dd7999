using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Hotplug.LoadContexts;

/// <summary>Starts the measurements in turn, and prints medians and the ratios of each round to its pinned run.</summary>
internal static class Rounds
{
    private static readonly LoadContext[] Contexts = Enum.GetValues<LoadContext>();

    public static int Run(string model, int rounds, int threads, int prefill, int decode)
    {
        var all = new List<Dictionary<LoadContext, Figures>>();
        for (var round = 0; round < rounds; round++)
        {
            var figures = new Dictionary<LoadContext, Figures>();
            // Another one first in every round.
            for (var i = 0; i < Contexts.Length; i++)
            {
                var context = Contexts[(round + i) % Contexts.Length];
                figures[context] = Start(context, model, threads, prefill, decode);
                Console.Error.WriteLine($"round {round + 1} {context,-12} {figures[context]}");
            }
            all.Add(figures);
        }
        Console.WriteLine($"{Path.GetFileName(model)}, {threads} threads, {rounds} rounds, prefill {prefill}, decode {decode}; medians, and the ratio to pinned of the same round (smallest to largest)");
        foreach (var (name, unit, value) in new (string, string, Func<Figures, double>)[]
            { ("prefill", "tokens/s", f => f.Prefill), ("decode", "tokens/s", f => f.Decode), ("open", "ms", f => f.Open), ("first prompt", "ms", f => f.First) })
            foreach (var context in Contexts)
            {
                var ratios = all.Select(r => value(r[context]) / value(r[LoadContext.Pinned])).Order().ToArray();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name,-13}{context,-13}{Median(all.Select(r => value(r[context]))),9:0.0} {unit,-9} {ratios[ratios.Length / 2]:0.000} ({ratios[0]:0.000} to {ratios[^1]:0.000})"));
            }
        return 0;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static Figures Start(LoadContext context, string model, int threads, int prefill, int decode)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in new[] { "--child", $"{context}", model, $"{threads}", $"{prefill}", $"{decode}" }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Figures>(output)! : throw new InvalidOperationException($"The measurement of {context} ended with {process.ExitCode}.");
    }
}
