using ILGPU;

namespace Hotplug.Gpu.Kernels.Routing;

/// <summary>
/// Chooses experts for every token. A unit is a token; lanes go over experts, once per choice: the first in the order behind the choice before, so that no list of what is taken is
/// needed and any number of experts fits.
/// </summary>
internal static class RouteTopKKernel
{
    internal struct Arguments
    {
        /// <summary>[row][expert].</summary>
        public ArrayView<float> Logits;
        /// <summary>One number per expert; any view where there are none.</summary>
        public ArrayView<float> Bias;
        /// <summary>[row][used].</summary>
        public ArrayView<int> Ids;
        /// <summary>[row][used].</summary>
        public ArrayView<float> Weights;
        /// <summary>Rows, experts, and how many of them are chosen: at least 1, at most all.</summary>
        public int Rows, Experts, Used;
        /// <summary>0 or 1 each.</summary>
        public int HasBias, Sigmoid, Renormalize;
        public float Scale;
    }

    public static void Run(Arguments a)
    {
        var shared = SharedMemory.Allocate<float>(GroupSum.MaxLanes);
        var indices = SharedMemory.Allocate<int>(GroupSum.MaxLanes);
        int lane = Group.IdxX, lanes = Group.DimX;
        for (var row = Grid.IdxX; row < a.Rows; row += Grid.DimX)
        {
            var logits = (long)row * a.Experts;
            float largest = 0f, sum = 1f;
            if (a.Sigmoid == 0)
            {
                largest = float.NegativeInfinity;
                for (var e = lane; e < a.Experts; e += lanes)
                    if (a.Logits[logits + e] > largest) largest = a.Logits[logits + e];
                largest = Ranking.Largest(shared, largest);
                sum = 0f;
                for (var e = lane; e < a.Experts; e += lanes) sum += Functions.Exp(a.Logits[logits + e] - largest);
                sum = GroupSum.Add(shared, sum);
            }
            var last = -1;
            var lastScore = 0f;
            var total = 0f;
            for (var u = 0; u < a.Used; u++)
            {
                var best = -1;
                var bestScore = 0f;
                for (var e = lane; e < a.Experts; e += lanes)
                {
                    var score = Score(a, logits, e, largest, sum);
                    if (last >= 0 && !Ranking.Precedes(lastScore, last, score, e)) continue;
                    if (!Ranking.Precedes(score, e, bestScore, best)) continue;
                    best = e;
                    bestScore = score;
                }
                // The score as it was compared: computed once more elsewhere a compiler may round it otherwise.
                var first = Ranking.First(shared, indices, bestScore, best);
                last = first.Index;
                lastScore = first.Value;
                var weight = Probability(a, logits, last, largest, sum);
                total += weight;
                if (lane == 0)
                {
                    a.Ids[(long)row * a.Used + u] = last;
                    a.Weights[(long)row * a.Used + u] = weight;
                }
            }
            // The lane that wrote them.
            for (var u = 0; u < a.Used && lane == 0; u++)
            {
                var weight = a.Weights[(long)row * a.Used + u];
                a.Weights[(long)row * a.Used + u] = (a.Renormalize != 0 ? weight / total : weight) * a.Scale;
            }
        }
    }

    private static float Probability(Arguments a, long logits, int expert, float largest, float sum)
        => a.Sigmoid != 0 ? Functions.Sigmoid(a.Logits[logits + expert]) : Functions.Exp(a.Logits[logits + expert] - largest) / sum;

    private static float Score(Arguments a, long logits, int expert, float largest, float sum)
        => Probability(a, logits, expert, largest, sum) + (a.HasBias != 0 ? a.Bias[expert] : 0f);
}
