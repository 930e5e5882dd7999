using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Weighted sums of the chosen experts' outputs.</summary>
internal sealed unsafe class CombineExpertsPhase(int m, int used, Extent tokens, Operand input, Operand weights, Operand output) : RowPhase(tokens, (long)m * used)
{
    public override void Rows(StepState state, long first, long end)
    {
        for (; first < end; first++)
        {
            float* x = state.Floats(input) + first * used * m, w = state.Floats(weights) + first * used, y = state.Floats(output) + first * m;
            for (var i = 0; i < m; i++)
            {
                var sum = 0f;
                for (var u = 0; u < used; u++) sum += w[u] * x[(long)u * m + i];
                y[i] = sum;
            }
        }
    }
}
