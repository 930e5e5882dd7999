using Hotplug.Cli.Options;
using Hotplug.Runtime.Memory.Composition;

namespace Hotplug.Cli.Output;

/// <summary>
/// Progress of a load on stderr: one line that is written over where there is a terminal; where stderr is redirected, one plain line per backend and stage. Quick loads show nothing.
/// </summary>
internal sealed class LoadDisplay(TextWriter error, bool isTerminal, bool verbose) : IProgress<LoadProgress>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private readonly long _start = System.Diagnostics.Stopwatch.GetTimestamp();
    private int _width;

    public void Report(LoadProgress value)
    {
        var waited = System.Diagnostics.Stopwatch.GetElapsedTime(_start) > Patience;
        if (isTerminal && waited)
        {
            var line = $"loading {Percent(value)} %  {Describe(value)}";
            error.Write($"\r{line.PadRight(_width)}");
            _width = line.Length;
        }
        else if (!isTerminal && value.Done == value.Total && (waited || verbose))
        {
            error.WriteLine($"loading: {Describe(value)}");
        }
    }

    public void Finish()
    {
        if (_width > 0) error.Write($"\r{new string(' ', _width)}\r");
        _width = 0;
    }

    private static long Percent(LoadProgress value) => value.GrandTotal == 0 ? 100 : value.TotalDone * 100 / value.GrandTotal;

    private static string Describe(LoadProgress value)
        => $"{value.Device} {value.Stage.ToString().ToLowerInvariant()} {SizeText.Show(value.Done)} of {SizeText.Show(value.Total)}";
}
