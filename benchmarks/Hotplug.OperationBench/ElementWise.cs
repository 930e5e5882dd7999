using BenchmarkDotNet.Attributes;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.OperationBench;

/// <summary>What lies between the products: normalisation, and the gate of a feed-forward layer.</summary>
public class ElementWise
{
    private const int Width = 2048;

    private CompiledSlice _norm = null!, _gate = null!;

    [ParamsSource(nameof(TokenCounts))]
    public int Tokens { get; set; }

    public static IEnumerable<int> TokenCounts => Choice.Tokens;

    [GlobalSetup]
    public void Compile()
    {
        var input = new GraphValue("x", TensorType.F32, new(Width, Dimension.Tokens));
        var output = new GraphValue("y", TensorType.F32, new(Width, Dimension.Tokens));
        var weight = new GraphValue("w", TensorType.F32, new(Width), isWeight: true);
        _norm = new CompiledSlice([new RmsNorm(input, weight, 1e-5f, output)], [weight], input, Tokens);
        _gate = new CompiledSlice([new Gated(input, input, Activation.Silu, output)], [], input, Tokens);
    }

    [GlobalCleanup]
    public void Release()
    {
        _norm.Dispose();
        _gate.Dispose();
    }

    [Benchmark]
    public void RmsNorm() => _norm.Run();

    [Benchmark]
    public void GatedSilu() => _gate.Run();
}
