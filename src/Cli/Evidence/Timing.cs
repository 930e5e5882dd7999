using System.Diagnostics;

namespace Hotplug.Cli.Evidence;

/// <summary>Measures what takes about the same time every time.</summary>
internal static class Timing
{
    /// <summary>Seconds of one run: the median of at least three after one that is not counted, as many as fit the budget.</summary>
    public static double Median(Action run, TimeSpan budget, int most, CancellationToken cancellation)
    {
        run();
        var seconds = new List<double>();
        var start = Stopwatch.GetTimestamp();
        while (seconds.Count < 3 || (seconds.Count < most && Stopwatch.GetElapsedTime(start) < budget))
        {
            cancellation.ThrowIfCancellationRequested();
            var before = Stopwatch.GetTimestamp();
            run();
            seconds.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        seconds.Sort();
        return Math.Max(seconds[seconds.Count / 2], 1e-9);
    }
}
