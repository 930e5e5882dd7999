using BenchmarkDotNet.Attributes;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.OperationBench;

/// <summary>A matrix of 2048 by 2048 by activations: every type, few tokens and many. With weights and all, as a step runs it.</summary>
public class Products
{
    private const int Width = 2048;

    private CompiledSlice _slice = null!;

    [ParamsSource(nameof(Types))]
    public TensorType Type { get; set; }

    [ParamsSource(nameof(TokenCounts))]
    public int Tokens { get; set; }

    public static IEnumerable<TensorType> Types => Choice.Types;

    public static IEnumerable<int> TokenCounts => Choice.Tokens;

    [GlobalSetup]
    public void Compile()
    {
        var input = new GraphValue("x", TensorType.F32, new(Width, Dimension.Tokens));
        var weight = new GraphValue("w", Type, new(Width, Width), isWeight: true);
        _slice = new CompiledSlice([new MatMul(weight, input, null, new GraphValue("y", TensorType.F32, new(Width, Dimension.Tokens)))], [weight], input, Tokens);
    }

    [GlobalCleanup]
    public void Release() => _slice.Dispose();

    [Benchmark]
    public void Multiply() => _slice.Run();
}
