using Hotplug.Inference.Models;

namespace Hotplug.Server.Administration;

/// <summary>Tokens per second of each model, over the last second or two: looks at the counters twice a second. Thread-safe.</summary>
internal sealed class TokenRates : IDisposable
{
    /// <summary>How often counters are looked at.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private const int Looks = 4;

    private readonly IModelHost _host;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Dictionary<LanguageModel, Queue<(long At, long Tokens)>> _seen = [];

    public TokenRates(IModelHost host, TimeProvider time)
    {
        (_host, _time) = (host, time);
        _timer = time.CreateTimer(static rates => ((TokenRates)rates!).Look(), this, TimeSpan.Zero, Period);
    }

    /// <summary>Tokens per second of a model now.</summary>
    public double Of(LanguageModel model)
    {
        lock (_seen)
        {
            if (!_seen.TryGetValue(model, out var looks) || !looks.TryPeek(out var first)) return 0;
            var seconds = _time.GetElapsedTime(first.At).TotalSeconds;
            return seconds <= 0 ? 0 : (model.TokensChosen - first.Tokens) / seconds;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var models = _host.Models;
        lock (_seen)
        {
            // Models that have gone are not held.
            foreach (var gone in _seen.Keys.Except(models).ToArray()) _seen.Remove(gone);
            foreach (var model in models)
            {
                if (!_seen.TryGetValue(model, out var looks)) _seen[model] = looks = new();
                looks.Enqueue((_time.GetTimestamp(), model.TokensChosen));
                while (looks.Count > Looks) looks.Dequeue();
            }
        }
    }
}
