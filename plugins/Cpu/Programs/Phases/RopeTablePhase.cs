namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Cosines and sines of a step's positions, once per kind of rotation: per token w/2 cosines, then w/2 sines, magnitude included.</summary>
internal sealed unsafe class RopeTablePhase(double[] frequencies, double magnitude, Operand output) : Phase
{
    protected override long Chunks(StepState state, int workers) => state.Extents.Tokens;

    protected override void Run(StepState state, int worker, int workers, long token)
    {
        var pairs = frequencies.Length;
        var table = state.Floats(output) + token * 2 * pairs;
        for (var i = 0; i < pairs; i++)
        {
            var (sin, cos) = Math.SinCos(state.Positions[token] * frequencies[i]);
            table[i] = (float)(cos * magnitude);
            table[pairs + i] = (float)(sin * magnitude);
        }
    }
}
