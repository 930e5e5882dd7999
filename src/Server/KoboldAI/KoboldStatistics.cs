using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;

namespace Hotplug.Server.KoboldAI;

/// <summary>Remembers how the last text of this dialect went. Thread-safe.</summary>
internal sealed class KoboldStatistics(ServedModels served, TimeProvider? time = null)
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly long _start = (time ?? TimeProvider.System).GetTimestamp();
    private GenerationOutcome? _last;
    private ulong _seed;
    private long _ended = (time ?? TimeProvider.System).GetTimestamp();
    private int _count;

    /// <summary>A text has ended.</summary>
    public void Note(GenerationOutcome outcome, ulong seed)
    {
        lock (_gate) (_last, _seed, _ended, _count) = (outcome, seed, _time.GetTimestamp(), _count + 1);
    }

    /// <summary>As it is at this moment.</summary>
    public Performance Read()
    {
        var busy = served.Loaded.Sum(model => model.Scheduler.Writing + model.Scheduler.Waiting);
        lock (_gate)
        {
            var (prompt, writing) = (_last?.Timing.Prompt.TotalSeconds ?? 0, _last?.Timing.Writing.TotalSeconds ?? 0);
            var (input, output) = (_last is null ? 0 : _last.PromptTokens - _last.CachedTokens, _last?.GeneratedTokens ?? 0);
            return new(prompt, prompt, Speed(input, prompt), writing, writing, Speed(output, writing), output, _last?.PromptTokens ?? 0, (long)(_seed & long.MaxValue), Reason(_last), _count,
                busy, busy == 0 ? 1 : 0, _time.GetElapsedTime(_start).TotalSeconds, busy == 0 ? _time.GetElapsedTime(_ended).TotalSeconds : 0);
        }
    }

    private static double Speed(int tokens, double seconds) => seconds > 0 ? tokens / seconds : 0;

    private static int Reason(GenerationOutcome? outcome) => outcome?.Finish switch
    {
        null => -1,
        FinishReason.EndOfGeneration => 1,
        FinishReason.StopString => 2,
        _ => 0,
    };
}
