using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;

namespace Hotplug.Testing.Graphs;

/// <summary>Cases of operations over the innermost dimension, and of rotations.</summary>
internal static class RowCases
{
    public static GraphCase Make(string kind, CaseBuilder build)
    {
        var random = build.Random;
        var width = OperationCases.RowLength(random, TensorType.F32);
        SymbolicShape shape = random.Next(3) == 0 ? new(width, random.Next(1, 5), Dimension.Tokens) : new(width, Dimension.Tokens);
        var values = OperationCases.Values(random);
        switch (kind)
        {
            case nameof(RmsNorm):
            {
                var (input, output) = (build.Input(shape, values), build.Value(shape));
                return build.Add(new RmsNorm(input, Vector(build, width), Epsilon(random), output)).Build(OperationCases.Steps(build), output);
            }
            case nameof(LayerNorm):
            {
                var (input, output) = (build.Input(shape, values), build.Value(shape));
                return build.Add(new LayerNorm(input, Vector(build, width), Vector(build, width), Epsilon(random), output)).Build(OperationCases.Steps(build), output);
            }
            case nameof(Normalize):
            {
                var (input, output) = (build.Input(shape, values), build.Value(shape));
                return build.Add(new Normalize(input, 1e-9f, output)).Build(OperationCases.Steps(build), output);
            }
            case nameof(Softmax):
            {
                var (input, output) = (build.Input(shape, random.Next(3) switch { 0 => ValueKind.Outliers, 1 => ValueKind.Steps, _ => values }), build.Value(shape));
                return build.Add(new Softmax(input, output)).Build(OperationCases.Steps(build), output);
            }
            case nameof(Pool):
            {
                var input = build.Input(new SymbolicShape(width, Dimension.Tokens), values);
                var output = build.Value(new SymbolicShape(width, Dimension.Sequences));
                return build.Add(new Pool(input, (Pooling)random.Next(3), output)).Build(OperationCases.Steps(build), output);
            }
            default:
            {
                var input = build.Input(new SymbolicShape(width, Dimension.OutputRows), random.Next(2) == 0 ? ValueKind.Steps : values);
                var ids = build.Value(new SymbolicShape(Dimension.OutputRows), TensorType.I32);
                var largest = build.Value(new SymbolicShape(Dimension.OutputRows));
                return build.Add(new ArgMax(input, ids, largest)).Build(OperationCases.Steps(build), ids, largest);
            }
        }
    }

    public static GraphCase Rope(CaseBuilder build)
    {
        var random = build.Random;
        var width = 2 * random.Next(1, 65);
        var parameters = Rotation(random, width);
        var shape = new SymbolicShape(width, random.Next(1, 5), Dimension.Tokens);
        var factors = random.Next(3) == 0 ? build.Weight(new(parameters.RotaryWidth / 2), _ => 1 + random.NextSingle() * 7) : null;
        var (input, output) = (build.Input(shape, OperationCases.Values(random)), build.Value(shape));
        return build.Add(new Rope(input, factors, parameters, output)).Build(OperationCases.Steps(build), output);
    }

    /// <summary>A random rotation of heads of some width: plain, linearly scaled, or YaRN.</summary>
    public static RopeParameters Rotation(Random random, int width)
    {
        var rotary = random.Next(3) == 0 ? 2 * random.Next(1, width / 2 + 1) : width;
        var parameters = new RopeParameters
        {
            Style = random.Next(2) == 0 ? RopeStyle.Adjacent : RopeStyle.Halves,
            RotaryWidth = rotary,
            Base = random.Next(2) == 0 ? 10000f : 500000f,
        };
        return random.Next(4) switch
        {
            0 => parameters with { FrequencyScale = 0.25f },
            1 => parameters with { FrequencyScale = 0.125f, ExtrapolationFactor = 1f, OriginalContext = 512, AttentionFactor = 1.1f },
            _ => parameters,
        };
    }

    private static GraphValue? Vector(CaseBuilder build, int width) => build.Random.Next(3) == 0 ? null : build.Weight(TensorType.F32, new(width));

    private static float Epsilon(Random random) => random.Next(2) == 0 ? 1e-5f : 1e-6f;
}
