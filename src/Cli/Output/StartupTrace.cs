using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace Hotplug.Cli.Output;

/// <summary>Where the time between the start of the process and its first token goes: by stage, with what the just-in-time compiler took of it on all threads.</summary>
internal sealed class StartupTrace
{
    private readonly List<(string Stage, TimeSpan Time, long Methods, TimeSpan Compiling)> _stages = [];
    private readonly long _begun = Stopwatch.GetTimestamp();
    // The system counts the start of a process in hundredths of a second.
    private readonly TimeSpan _before;

    /// <summary>Begins; what has passed since the process was started is the first stage.</summary>
    public StartupTrace()
    {
        using var process = Process.GetCurrentProcess();
        _before = DateTime.Now - process.StartTime;
        Mark("process, runtime and command line");
    }

    /// <summary>Ends a stage.</summary>
    public void Mark(string stage) => _stages.Add((stage, _before + Stopwatch.GetElapsedTime(_begun), JitInfo.GetCompiledMethodCount(), JitInfo.GetCompilationTime()));

    public string ToText()
    {
        var lines = new List<string> { "stage                                    ms   since start   methods compiled     ms of it" };
        var (time, methods, compiling) = (TimeSpan.Zero, 0L, TimeSpan.Zero);
        foreach (var stage in _stages)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"{stage.Stage,-34} {(stage.Time - time).TotalMilliseconds,8:0.0} {stage.Time.TotalMilliseconds,13:0.0} {stage.Methods - methods,18} {(stage.Compiling - compiling).TotalMilliseconds,12:0.0}"));
            (time, methods, compiling) = (stage.Time, stage.Methods, stage.Compiling);
        }
        return string.Join(Environment.NewLine, lines);
    }
}
