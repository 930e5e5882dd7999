using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Placement;

namespace Hotplug.Cli.Roofline;

/// <summary>What a token asks of the device: bytes of weights that its matrices are read for, and products. Attention and what else is done to activations is left out.</summary>
/// <param name="WeightBytes">Bytes of matrices read for a token that is evaluated alone, with its logits.</param>
/// <param name="BlockProducts">Multiplications with addition for each token, without the logits.</param>
/// <param name="OutputProducts">Those of a row of logits.</param>
/// <param name="IsQuantized">True if most products are with quantised weights.</param>
internal sealed record ModelWork(double WeightBytes, double BlockProducts, double OutputProducts, bool IsQuantized)
{
    private static readonly StepBounds One = new() { Tokens = 1, OutputRows = 1, Sequences = 1 };

    public static ModelWork Of(LoadPlan plan)
    {
        double bytes = 0, block = 0, output = 0, quantized = 0;
        foreach (var placement in plan.Nodes)
        {
            (GraphValue Weight, GraphValue Input, double Share)? used = placement.Node.Operation switch
            {
                MatMul m => (m.Weight, m.Input, 1),
                // Of the experts only those that were chosen.
                MatMulExperts m => (m.Weight, m.Input, (double)m.Ids.Shape.D0.Constant / m.Weight.Shape.D2.Constant),
                _ => null,
            };
            if (used is not var (weight, input, share)) continue;
            var spec = weight.Resolve(One);
            var products = spec.Shape.ElementCount * share;
            bytes += spec.ByteLength * share;
            if (IsOutput(input)) output += products;
            else block += products;
            if (spec.Type is not (TensorType.F32 or TensorType.F16 or TensorType.BF16)) quantized += products;
        }
        return new(bytes, block, output, quantized * 2 > block + output);
    }

    /// <summary>Products of a prompt, of which only the last token has logits.</summary>
    public double Products(int tokens) => BlockProducts * tokens + OutputProducts;

    private static bool IsOutput(GraphValue input) => input.Shape.D1.Symbol == Symbol.OutputRows || input.Shape.D2.Symbol == Symbol.OutputRows;
}
