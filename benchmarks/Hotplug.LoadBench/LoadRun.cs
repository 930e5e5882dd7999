using System.Collections.Concurrent;
using System.Diagnostics;
using Hotplug.LoadBench.Servers;

namespace Hotplug.LoadBench;

/// <summary>Many clients at once: each asks, reads to the end, and asks again with another prompt.</summary>
/// <param name="options">How many, and how long.</param>
/// <param name="client">Asks the server.</param>
/// <param name="process">The server's process, whose memory is looked at.</param>
/// <param name="swaps">What is exchanged meanwhile; null for nothing.</param>
internal sealed class LoadRun(LoadOptions options, CompletionClient client, int process, ISwaps? swaps)
{
    private readonly ConcurrentBag<StreamResult> _answers = [];
    private readonly ConcurrentBag<string> _failures = [];
    private readonly List<double> _swaps = [];
    private readonly List<string> _swapFailures = [];
    private readonly List<MemorySample> _memory = [];
    private long _start;
    private int _next = -1;

    /// <summary>Loads the server.</summary>
    /// <param name="server">Its name.</param>
    /// <param name="texts">Prompts, in the order in which they are asked, over and over.</param>
    /// <param name="isCompared">Whether the texts have to be these.</param>
    /// <param name="alone">Tokens per second of one client.</param>
    /// <param name="cancellation">Gives it up.</param>
    public async Task<LoadReport> RunAsync(string server, IReadOnlyList<(int[] Prompt, string Text)> texts, bool isCompared, double alone, CancellationToken cancellation)
    {
        _start = Stopwatch.GetTimestamp();
        using var served = Process.GetProcessById(process);
        var processor = served.TotalProcessorTime;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var aside = new[] { WatchAsync(end.Token), SwapAsync(end.Token) };
        await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(_ => AskAsync(texts, isCompared, cancellation)));
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        served.Refresh();
        processor = served.TotalProcessorTime - processor;
        await end.CancelAsync();
        await Task.WhenAll(aside);
        return new()
        {
            Server = server, AloneTokensPerSecond = alone, Requests = _answers.Count + _failures.Count, Seconds = seconds, ProcessorSeconds = processor.TotalSeconds, Tokens = _answers.Sum(a => (long)a.Tokens), Failures = [.. _failures],
            First = Percentiles.Of(_answers.Select(a => (float)a.First.TotalMilliseconds)), Gaps = Percentiles.Of(_answers.SelectMany(a => a.Gaps)), Swaps = new(_swaps, _swapFailures), Memory = _memory,
        };
    }

    private async Task AskAsync(IReadOnlyList<(int[] Prompt, string Text)> texts, bool isCompared, CancellationToken cancellation)
    {
        while (Stopwatch.GetElapsedTime(_start) < options.Duration && Interlocked.Increment(ref _next) is var number && number < options.Requests)
        {
            var (prompt, text) = texts[number % texts.Count];
            try
            {
                var answer = await client.StreamAsync(prompt, cancellation);
                if (isCompared && answer.Text != text) _failures.Add($"Request {number} gave another text than alone.\n  alone: {text.ReplaceLineEndings(" ")}\n  now:   {answer.Text.ReplaceLineEndings(" ")}");
                else _answers.Add(answer);
            }
            catch (InvalidDataException failure)
            {
                _failures.Add($"Request {number}: {failure.Message}");
            }
        }
    }

    private async Task WatchAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            if (MemorySample.Of(process, Stopwatch.GetElapsedTime(_start).TotalSeconds) is { } sample) _memory.Add(sample);
            await Task.Delay(TimeSpan.FromSeconds(1), end).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task SwapAsync(CancellationToken end)
    {
        if (swaps is null || options.SwapInterval is not { } interval) return;
        for (var number = 1; ; number++)
        {
            var wait = interval * number - Stopwatch.GetElapsedTime(_start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, end).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (end.IsCancellationRequested) return;
            var begun = Stopwatch.GetTimestamp();
            try
            {
                // Not given up at the end: the server is to be whole when it is told to stop.
                await swaps.SwapAsync(CancellationToken.None);
                _swaps.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            }
            catch (InvalidDataException failure)
            {
                _swapFailures.Add($"Swap {number}: {failure.Message}");
            }
        }
    }
}
