using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu.Programs;

/// <summary>
/// Moves activations into the step of the matrices whose products they alone read, and the quantisation of their results with them: in a feed-forward block a pass over memory, and
/// a phase that one token leaves to one worker.
/// </summary>
internal static class ActivationFusion
{
    public static void Apply(GraphSlice slice, List<ProgramStep> steps)
    {
        var outputs = new HashSet<GraphValue>(slice.Outputs);
        var readers = slice.Operations.SelectMany(o => o.Reads.Distinct(), (o, value) => (o, value)).ToLookup(r => r.value, r => r.o);
        var products = new Dictionary<GraphValue, (ProgramStep.Matrices Step, MatMul Operation)>();
        foreach (var step in steps.OfType<ProgramStep.Matrices>())
            foreach (var operation in step.Operations) products.Add(operation.Output, (step, operation));

        foreach (var step in steps.ToArray())
        {
            if (step is not ProgramStep.Single { Operation: Activate or Gated } single) continue;
            var function = single.Operation;
            if (!products.TryGetValue(function.Reads[0], out var left) || !products.TryGetValue(function.Reads[^1], out var right) || left.Step != right.Step) continue;
            if (function.Reads.Any(value => outputs.Contains(value) || readers[value].Any(reader => reader != function))) continue;
            var output = function.Writes[0];
            if (Extent.RowsOf(left.Step.Input) != Extent.RowsOf(output)) continue;
            var quantizes = steps.RemoveAll(s => s is ProgramStep.Quantize q && q.Value == output) != 0;
            var stores = outputs.Contains(output) || !readers[output].All(ReadsQuantized);
            left.Step.Activations.Add(new FusedActivation(function, left.Operation, right.Operation, stores, quantizes));
            steps.Remove(step);
        }
    }

    private static bool ReadsQuantized(Operation operation) => operation switch
    {
        MatMul o => MatrixKernel.MultipliesQuantized(o.Weight.Type),
        MatMulExperts o => MatrixKernel.MultipliesQuantized(o.Weight.Type),
        _ => false,
    };
}
