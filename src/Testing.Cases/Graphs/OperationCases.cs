using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;
using Hotplug.Testing.Data;

namespace Hotplug.Testing.Graphs;

/// <summary>Random cases of every kind of operation.</summary>
public static class OperationCases
{
    /// <summary>The kinds that can be made, by name.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        nameof(GetRows), nameof(MatMul), nameof(RouteTopK), nameof(MatMulExperts), nameof(CombineExperts), nameof(RmsNorm), nameof(LayerNorm), nameof(Rope),
        nameof(KvAppend), nameof(Attention), nameof(AttentionBatch), nameof(KvShift), nameof(Add), nameof(Mul), nameof(Scale), nameof(SoftCap), nameof(Gated),
        nameof(Activate), nameof(Softmax), nameof(Pool), nameof(Normalize), nameof(Cast), nameof(View), nameof(ArgMax),
    ];

    /// <summary>The kinds as cases of a theory.</summary>
    public static IEnumerable<object[]> All => Kinds.Select(kind => new object[] { kind });

    /// <summary>True if cases of the kind differ by the type of a weight.</summary>
    public static bool HasTypedWeight(string kind) => kind is nameof(GetRows) or nameof(MatMul) or nameof(MatMulExperts);

    /// <summary>Makes a case.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="random">Source of randomness.</param>
    /// <param name="device">The device it is for: page size and cache types.</param>
    /// <param name="weightType">Type of the weight, for kinds that have one.</param>
    public static GraphCase Make(string kind, Random random, DeviceInfo device, TensorType weightType = TensorType.F32)
    {
        var tokens = random.Next(1, 12);
        var build = new CaseBuilder(HasTypedWeight(kind) ? $"{kind} {weightType}" : kind, random, new StepBounds { Tokens = tokens, OutputRows = tokens, Sequences = 2 });
        return kind switch
        {
            nameof(GetRows) => ProductCases.GetRows(build, weightType),
            nameof(MatMul) => ProductCases.MatMul(build, weightType),
            nameof(MatMulExperts) => ProductCases.MatMulExperts(build, weightType),
            nameof(RouteTopK) => ProductCases.RouteTopK(build),
            nameof(CombineExperts) => ProductCases.CombineExperts(build),
            nameof(RmsNorm) or nameof(LayerNorm) or nameof(Normalize) or nameof(Softmax) or nameof(ArgMax) or nameof(Pool) => RowCases.Make(kind, build),
            nameof(Rope) => RowCases.Rope(build),
            nameof(KvAppend) or nameof(Attention) => AttentionCases.Cached(kind, random, device),
            nameof(KvShift) => AttentionCases.Shift(random, device),
            nameof(AttentionBatch) => AttentionCases.Batch(build),
            _ => ElementCases.Make(kind, build),
        };
    }

    /// <summary>A row length that a type can have: one block, a few, or many.</summary>
    internal static int RowLength(Random random, TensorType type)
    {
        var block = type.BlockLength();
        if (block > 1) return block * random.Next(1, block == 256 ? 4 : 12);
        return random.Next(4) switch { 0 => random.Next(1, 9), 1 => random.Next(9, 70), 2 => 64 * random.Next(1, 6), _ => random.Next(70, 300) };
    }

    /// <summary>Numbers of tokens of the steps of a case: the bound, one, none, something between, and the bound again.</summary>
    internal static int[] Steps(CaseBuilder build) => [build.Bounds.Tokens, 1, 0, build.Random.Next(1, build.Bounds.Tokens + 1), build.Bounds.Tokens];

    /// <summary>Any kind of blocks but the largest, most often ordinary ones.</summary>
    internal static BlockKind Blocks(Random random) => random.Next(6) switch { 0 => BlockKind.Zero, 1 => BlockKind.Subnormal, 2 => BlockKind.Mixed, 3 => BlockKind.Extreme, _ => BlockKind.Ordinary };

    /// <summary>Any kind of values.</summary>
    internal static ValueKind Values(Random random) => random.Next(8) switch
    {
        0 => ValueKind.Zero,
        1 => ValueKind.Sparse,
        2 => ValueKind.Outliers,
        3 => ValueKind.Large,
        4 => ValueKind.Small,
        _ => ValueKind.Ordinary,
    };
}
