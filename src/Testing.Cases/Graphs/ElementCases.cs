using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;

namespace Hotplug.Testing.Graphs;

/// <summary>Cases of element-wise operations, casts and views.</summary>
internal static class ElementCases
{
    public static GraphCase Make(string kind, CaseBuilder build)
    {
        var random = build.Random;
        var width = OperationCases.RowLength(random, TensorType.F32);
        SymbolicShape shape = random.Next(3) == 0 ? new(width, random.Next(1, 5), Dimension.Tokens) : new(width, Dimension.Tokens);
        // Functions of large arguments are flat; their interesting range is small.
        var values = random.Next(3) == 0 ? OperationCases.Values(random) : ValueKind.Steps;
        switch (kind)
        {
            case nameof(View):
                return View(build);
            case nameof(Cast):
            {
                var toInteger = random.Next(2) == 0;
                var input = build.Input(shape, toInteger ? TensorType.F32 : TensorType.I32, row =>
                {
                    foreach (ref var element in row) element = toInteger ? (random.NextSingle() - 0.5f) * 3000 : random.Next(-100_000, 100_000);
                });
                return End(build.Value(shape, toInteger ? TensorType.I32 : TensorType.F32), output => new Cast(input, output));
            }
            case nameof(Add) or nameof(Mul):
            {
                var left = build.Input(shape, OperationCases.Values(random));
                var right = random.Next(4) switch
                {
                    0 => build.Weight(TensorType.F32, new(width)),
                    1 => build.Input(new SymbolicShape(width)),
                    _ => build.Input(shape, OperationCases.Values(random)),
                };
                return End(build.Value(shape), output => kind == nameof(Add) ? new Add(left, right, output) : new Mul(left, right, output));
            }
            case nameof(Gated):
            {
                var (gate, up) = (build.Input(shape, values), build.Input(shape, values));
                var limited = random.Next(3) == 0;
                return End(build.Value(shape), output => new Gated(gate, up, limited ? Activation.SwishAlpha : (Activation)random.Next(8), output)
                {
                    Limit = limited ? 1.5f : 0,
                    Alpha = limited ? 1.702f : 1f,
                });
            }
            default:
            {
                var input = build.Input(shape, values);
                return End(build.Value(shape), output => kind switch
                {
                    nameof(Scale) => new Scale(input, random.Next(3) == 0 ? 0f : random.NextSingle() * 20 - 10, output),
                    nameof(SoftCap) => new SoftCap(input, 30f, output),
                    nameof(Activate) => new Activate(input, (Activation)random.Next(8), output),
                    _ => throw new ArgumentException($"There are no cases of {kind}.", nameof(kind)),
                });
            }
        }

        GraphCase End(GraphValue output, Func<GraphValue, Operation> operation) => build.Add(operation(output)).Build(OperationCases.Steps(build), output);
    }

    private static GraphCase View(CaseBuilder build)
    {
        var random = build.Random;
        var (width, heads) = (random.Next(1, 40), random.Next(1, 5));
        GraphValue input, output;
        long first = 0;
        if (random.Next(2) == 0)
        {
            var (flat, deep) = (new SymbolicShape(width * heads, Dimension.Tokens), new SymbolicShape(width, heads, Dimension.Tokens));
            var forth = random.Next(2) == 0;
            (input, output) = (build.Input(forth ? flat : deep), build.Value(forth ? deep : flat));
        }
        else
        {
            var rows = random.Next(1, 20);
            first = random.Next(rows);
            (input, output) = (build.Input(new SymbolicShape(width, rows)), build.Value(new SymbolicShape(width, random.Next(1, rows - (int)first + 1))));
        }
        // A view moves nothing: what it gives is read by an operation that does.
        var copy = build.Value(output.Shape);
        return build.Add(new View(input, first, output)).Add(new Scale(output, 1f, copy)).Build(OperationCases.Steps(build), output, copy);
    }
}
