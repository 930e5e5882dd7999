using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Chooses experts. Few numbers per token, so in scalars.</summary>
internal sealed unsafe class RouteTopKPhase(int experts, int used, bool sigmoid, bool renormalize, float scale, Extent tokens,
    Operand logits, Operand bias, Operand ids, Operand weights) : RowPhase(tokens, experts)
{
    public override void Rows(StepState state, long first, long end)
    {
        for (; first < end; first++)
        {
            var x = state.Floats(logits) + first * experts;
            var b = bias == Operand.None ? null : state.Floats(bias);
            var chosen = (int*)state.At(ids) + first * used;
            var w = state.Floats(weights) + first * used;
            float top = float.NegativeInfinity, sum = 0;
            for (var e = 0; e < experts; e++) top = MathF.Max(top, x[e]);
            if (!sigmoid)
                for (var e = 0; e < experts; e++) sum += MathF.Exp(x[e] - top);
            float Probability(int e) => sigmoid ? 1f / (1f + MathF.Exp(-x[e])) : MathF.Exp(x[e] - top) / sum;
            // Each choice is the best of those behind the one before: lower score, or the same score and a higher id.
            float lastScore = float.PositiveInfinity, total = 0;
            var last = -1;
            for (var u = 0; u < used; u++)
            {
                var best = -1;
                var bestScore = 0f;
                for (var e = 0; e < experts; e++)
                {
                    var score = Probability(e) + (b == null ? 0 : b[e]);
                    var open = score < lastScore || (score == lastScore && e > last);
                    if (open && (best < 0 || score > bestScore)) (best, bestScore) = (e, score);
                }
                // Only numbers that are none leave a choice open.
                if (best < 0) (best, bestScore) = (u, float.NaN);
                (chosen[u], w[u]) = (best, Probability(best));
                total += w[u];
                (last, lastScore) = (best, bestScore);
            }
            for (var u = 0; u < used; u++) w[u] = (renormalize ? w[u] / total : w[u]) * scale;
        }
    }
}
