using Hotplug.Inference.Sampling;

namespace Hotplug.UnitTests.Sampling;

/// <summary>All steps of sampling written down one by one as they are described, with lists, sorting and the platform's own functions.</summary>
internal sealed class NaiveChain(SamplerOptions options, Func<int, bool>? breaks = null)
{
    private readonly List<int> _text = [];
    private Xoshiro256 _random = new(options.Seed);
    private double _surprise = 2 * (options.Mirostat?.Tau ?? 0);

    public int Sample(float[] logits)
    {
        var all = logits.Select((logit, token) => (double)(options.LogitBias.TryGetValue(token, out var bias) ? logit + bias : logit)).ToArray();
        Dry(all);
        var items = all.Select((logit, token) => (Token: token, Logit: logit)).Where(item => !options.BannedTokens.Contains(item.Token)).ToList();
        items = Ranked(items);
        if (options.Candidates > 0) items = [.. items.Take(options.Candidates)];
        if (options.Temperature == 0)
        {
            if (options.Order?.Contains(SamplerStep.Penalties) is null or true) items = Penalised(items);
            _text.Add(items[0].Token);
            return items[0].Token;
        }

        var order = (options.Order ?? (IEnumerable<SamplerStep>)SamplerOrder.Default).Where(step => options.Mirostat is null || step is SamplerStep.Penalties or SamplerStep.Temperature);
        foreach (var step in order) items = Ranked(Apply(step, items));
        if (options.Mirostat is { } mirostat) items = Surprising(items, mirostat, logits.Length);
        var (chosen, probability) = Draw(items);
        if (options.Mirostat is { } learns) _surprise -= learns.Eta * (-Math.Log2(probability) - learns.Tau);
        _text.Add(chosen);
        return chosen;
    }

    private static List<(int Token, double Logit)> Ranked(IEnumerable<(int Token, double Logit)> items) => [.. items.OrderByDescending(item => item.Logit).ThenBy(item => item.Token)];

    private static double[] Probabilities(List<(int Token, double Logit)> items)
    {
        var weights = items.Select(item => Math.Exp(item.Logit - items[0].Logit)).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    private List<(int Token, double Logit)> Apply(SamplerStep step, List<(int Token, double Logit)> items)
    {
        var p = Probabilities(items);
        switch (step)
        {
            case SamplerStep.Penalties:
                return Penalised(items);
            case SamplerStep.TopK:
                return options.TopK == 0 ? items : [.. items.Take(options.TopK)];
            case SamplerStep.TopA:
                return [.. items.Where((_, i) => i == 0 || p[i] >= options.TopA * p[0] * p[0])];
            case SamplerStep.TopP:
                if (options.TopP == 1) return items;
                var (sum, count) = (0.0, 0);
                while (count < p.Length && (count == 0 || sum < options.TopP)) sum += p[count++];
                return [.. items.Take(count)];
            case SamplerStep.MinP:
                return [.. items.Where((_, i) => p[i] >= options.MinP * p[0])];
            case SamplerStep.TailFree:
                return [.. items.Take(TailStart(p))];
            case SamplerStep.Typical:
                return Typical(items, p);
            case SamplerStep.Temperature:
                return Tempered(items, p);
            case SamplerStep.TopNSigma when options.TopNSigma > 0:
                var mean = items.Average(item => item.Logit);
                var deviation = Math.Sqrt(items.Average(item => (item.Logit - mean) * (item.Logit - mean)));
                return [.. items.Where((item, i) => i == 0 || item.Logit >= items[0].Logit - options.TopNSigma * deviation)];
            case SamplerStep.Xtc when options.Xtc is { Probability: > 0 } xtc:
                var happens = _random.NextUnit() < xtc.Probability;
                var top = p.TakeWhile(one => one >= xtc.Threshold).Count();
                return happens && top > 1 ? [.. items.Skip(top - 1)] : items;
            default:
                return items;
        }
    }

    private int TailStart(double[] p)
    {
        if (options.TailFree == 1 || p.Length <= 2) return p.Length;
        var second = Enumerable.Range(0, p.Length - 2).Select(i => Math.Abs(p[i] - p[i + 1] - (p[i + 1] - p[i + 2]))).ToArray();
        if (second.Sum() <= 0) return p.Length;
        var sum = 0.0;
        for (var i = 0; i < second.Length; i++)
            if ((sum += second[i] / second.Sum()) > options.TailFree) return Math.Max(i, 1);
        return p.Length;
    }

    private List<(int Token, double Logit)> Typical(List<(int Token, double Logit)> items, double[] p)
    {
        if (options.Typical == 1) return items;
        var entropy = -p.Where(one => one > 0).Sum(one => one * Math.Log(one));
        var kept = new List<(int, double)>();
        var sum = 0.0;
        foreach (var i in Enumerable.Range(0, p.Length).OrderBy(i => Math.Abs(-Math.Log(p[i]) - entropy)).ThenBy(i => i))
        {
            kept.Add(items[i]);
            if ((sum += p[i]) > options.Typical) break;
        }

        return kept;
    }

    private List<(int Token, double Logit)> Tempered(List<(int Token, double Logit)> items, double[] p)
    {
        double temperature = options.Temperature;
        if (options.DynamicTemperatureRange > 0 && items.Count > 1)
        {
            var share = -p.Where(one => one > 0).Sum(one => one * Math.Log(one)) / Math.Log(items.Count);
            var (low, high) = (Math.Max(1e-3, temperature - options.DynamicTemperatureRange), temperature + options.DynamicTemperatureRange);
            temperature = low + (high - low) * Math.Pow(share, options.DynamicTemperatureExponent);
        }

        return [.. items.Select(item => (item.Token, items[0].Logit / temperature + Smooth((item.Logit - items[0].Logit) / temperature)))];

        double Smooth(double x) => options.SmoothingFactor == 0 ? x
            : -options.SmoothingFactor * (3 - options.SmoothingCurve) / 2 * x * x + options.SmoothingFactor * (options.SmoothingCurve - 1) / 2 * x * x * x;
    }

    private List<(int Token, double Logit)> Penalised(List<(int Token, double Logit)> items)
    {
        var window = _text.TakeLast(options.RepetitionWindow).ToList();
        return Ranked(items.Select(item =>
        {
            var last = window.LastIndexOf(item.Token);
            if (last < 0) return item;
            var penalty = last >= window.Count / 2 ? options.RepetitionPenalty : 1 + (options.RepetitionPenalty - 1) * options.RepetitionSlope;
            var logit = item.Logit > 0 ? item.Logit / penalty : item.Logit * penalty;
            return (item.Token, logit - options.PresencePenalty - options.FrequencyPenalty * window.Count(token => token == item.Token));
        }));
    }

    private void Dry(double[] logits)
    {
        if (options.Dry is not { } dry) return;
        var text = _text.TakeLast(dry.Range).ToList();
        var longest = new Dictionary<int, int>();
        for (var next = 1; next < text.Count; next++)
        {
            if (breaks?.Invoke(text[next]) == true) continue;
            var length = 0;
            while (length < next && text[next - 1 - length] == text[^(1 + length)] && breaks?.Invoke(text[^(1 + length)]) != true) length++;
            if (length >= dry.AllowedLength) longest[text[next]] = Math.Max(length, longest.GetValueOrDefault(text[next]));
        }

        foreach (var (token, length) in longest) logits[token] -= dry.Multiplier * Math.Pow(dry.Base, length - dry.AllowedLength);
    }

    private List<(int Token, double Logit)> Surprising(List<(int Token, double Logit)> items, MirostatOptions mirostat, int vocabulary)
    {
        var p = Probabilities(items);
        if (mirostat.Version == 2) return [.. items.Where((_, i) => i == 0 || -Math.Log2(p[i]) <= _surprise)];
        var terms = Enumerable.Range(0, Math.Min(p.Length, 100) - 1).TakeWhile(i => items[i + 1].Logit - items[0].Logit > Math.Log(1e-300))
            .Select(i => (T: Math.Log((i + 2.0) / (i + 1)), B: items[i].Logit - items[i + 1].Logit)).ToList();
        if (terms.Count == 0 || terms.Sum(term => term.T * term.B) <= 0) return items;
        var s = terms.Sum(term => term.T * term.B) / terms.Sum(term => term.T * term.T);
        var k = Math.Pow((s - 1) * Math.Pow(2, _surprise) / (1 - Math.Pow(vocabulary, 1 - s)), 1 / s);
        return [.. items.Take((int)Math.Clamp(Math.Round(k), 1, items.Count))];
    }

    private (int Token, double Probability) Draw(List<(int Token, double Logit)> items)
    {
        var p = Probabilities(items);
        var kept = items.Select((item, i) => (item.Token, P: p[i])).OrderBy(item => item.Token).ToList();
        var target = _random.NextUnit();
        var sum = 0.0;
        foreach (var (token, probability) in kept)
            if ((sum += probability) > target) return (token, probability);
        return kept[^1];
    }
}
