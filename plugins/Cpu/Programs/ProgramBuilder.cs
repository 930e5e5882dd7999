using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Cpu.Programs.Phases;

namespace Hotplug.Cpu.Programs;

/// <summary>Makes the phases of a program with kernels over <typeparamref name="T"/>.</summary>
internal sealed unsafe class ProgramBuilder<T>(InstructionSet set, ActivationBits bits) : IProgramBuilder where T : unmanaged, ILanes<T>
{
    private readonly KernelRehearsal<T> _rehearsal = new(set, bits);

    public ActivationBits Bits => bits;

    public Phase[] Build(ProgramLayout layout, Func<GraphValue, nint> weightAddress) => new Context(set, bits, layout, weightAddress).Build();

    public void Rehearse(GraphSlice slice) => _rehearsal.Run(slice);

    private sealed class Context(InstructionSet set, ActivationBits bits, ProgramLayout layout, Func<GraphValue, nint> weightAddress)
    {
        private readonly Dictionary<TensorType, MatrixKernel> _kernels = [];

        public Phase[] Build() => [.. layout.Steps.Select(Phase)];

        private Phase Phase(ProgramStep step) => step switch
        {
            ProgramStep.RopeTable t => new RopeTablePhase(
                RopeFrequencies.Of(t.Key.Parameters, Floats(t.Key.Factors)), RopeFrequencies.Magnitude(t.Key.Parameters), layout.RopeTables[t.Key]),
            ProgramStep.Quantize q => new QuantizePhase<T>(Extent.RowsOf(q.Value), Width(q.Value), bits, At(q.Value), layout.Quantized[q.Value]),
            ProgramStep.Matrices m => new MatMulPhase([.. m.Products.Select(Part), .. m.Activations.Select(Part)],
                new MatrixInput(Width(m.Input), Extent.RowsOf(m.Input), FloatsAt(m.Input), layout.Quantized.GetValueOrDefault(m.Input))),
            ProgramStep.Single s => Phase(s.Operation),
            ProgramStep.RowGroup g => new RowGroupPhase(g.Unit, [.. g.Parts.Select(RowPhase)]),
            _ => throw new InvalidOperationException($"A step of kind {step.GetType().Name} has no phase."),
        };

        private RowPhase RowPhase(ProgramStep step) => step switch
        {
            ProgramStep.Quantize q => new QuantizeRowsPhase<T>(Extent.RowsOf(q.Value), Width(q.Value), bits, At(q.Value), layout.Quantized[q.Value]),
            ProgramStep.Single s => s.Operation switch
            {
                Add o => Rows(&Elements.Map<T, Elements.Sum>, o.Left, o.Right, o.Output, 0),
                Mul o => Rows(&Elements.Map<T, Elements.Product>, o.Left, o.Right, o.Output, 0),
                Scale o => Rows(&Elements.Map<T, Elements.Scaled>, o.Input, o.Input, o.Output, o.Factor),
                SoftCap o => Rows(&Elements.Map<T, Elements.Capped>, o.Input, o.Input, o.Output, o.Cap),
                Activate o => Rows(Elements.Activation<T>(o.Function), o.Input, o.Input, o.Output, 1),
                Gated o => Rows(Elements.Gated<T>(o.Function), o.Gate, o.Up, o.Output, o.Alpha, o.Limit),
                _ => (RowPhase)Phase(s.Operation),
            },
            _ => throw new InvalidOperationException($"A step of kind {step.GetType().Name} does not go row by row."),
        };

        private Phase Phase(Operation operation) => operation switch
        {
            GetRows o => new GetRowsPhase<T>(o.Table.Type, At(o.Table), (nint)o.Table.Type.RowBytes(o.Table.Shape.D0.Constant), Width(o.Output), o.Source,
                Extent.RowsOf(o.Output), At(o.Output)),
            RmsNorm o => new NormPhase<T>(NormKind.Rms, Extent.RowsOf(o.Output), Width(o.Output), At(o.Input), At(o.Weight), default, o.Epsilon, At(o.Output)),
            LayerNorm o => new NormPhase<T>(NormKind.Layer, Extent.RowsOf(o.Output), Width(o.Output), At(o.Input), At(o.Weight), At(o.Bias), o.Epsilon, At(o.Output)),
            Normalize o => new NormPhase<T>(NormKind.Unit, Extent.RowsOf(o.Output), Width(o.Output), At(o.Input), default, default, o.Epsilon, At(o.Output)),
            Softmax o => new NormPhase<T>(NormKind.Softmax, Extent.RowsOf(o.Output), Width(o.Output), At(o.Input), default, default, 0, At(o.Output)),
            Rope o => new RopePhase<T>(o.Parameters.Style, Width(o.Input), (int)o.Input.Shape.D1.Constant, o.Parameters.RotaryWidth,
                layout.RopeTables[RopeKey.Of(o)], At(o.Input), At(o.Output)),
            KvAppend o => new KvAppendPhase<T>(layout.KvLayout!.Layer(o.Layer), At(o.Key), At(o.Value)),
            KvShift o => new KvShiftPhase<T>(layout.KvLayout!.Layer(o.Layer), o.Parameters.Style, RopeFrequencies.Of(o.Parameters, Floats(o.Factors))),
            Attention o => new CachedAttentionPhase<T>(layout.KvLayout!.Layer(o.Layer),
                (int)o.Query.Shape.D1.Constant / layout.KvLayout!.Layer(o.Layer).Spec.Heads, o.Parameters, layout.Bounds, layout.Workers, At(o.Query), At(o.Sinks), At(o.Output)),
            AttentionBatch o => new BatchAttentionPhase<T>((int)o.Key.Shape.D1.Constant, (int)(o.Query.Shape.D1.Constant / o.Key.Shape.D1.Constant),
                Width(o.Key), Width(o.Value), o.Parameters, At(o.Query), At(o.Key), At(o.Value), At(o.Output)),
            MatMulExperts o => new ExpertsPhase(Kernel(o.Weight.Type), weightAddress(o.Weight), RowBytes(o.Weight), Width(o.Weight), o.Weight.Shape.D1.Constant,
                (int)o.Weight.Shape.D2.Constant, (int)o.Ids.Shape.D0.Constant, o.Input.Shape.D1 == (Dimension)1, Extent.RowsOf(o.Ids), At(o.Bias), FloatsAt(o.Input),
                layout.Quantized.GetValueOrDefault(o.Input), At(o.Ids), At(o.Output)),
            RouteTopK o => new RouteTopKPhase(Width(o.Logits), Width(o.Ids), o.Sigmoid, o.Renormalize, o.Scale, Extent.RowsOf(o.Logits),
                At(o.Logits), At(o.Bias), At(o.Ids), At(o.Weights)),
            CombineExperts o => new CombineExpertsPhase(Width(o.Input), Width(o.Weights), Extent.RowsOf(o.Weights), At(o.Input), At(o.Weights), At(o.Output)),
            Add o => Pair(&Elements.Map<T, Elements.Sum>, o.Left, o.Right, o.Output),
            Mul o => Pair(&Elements.Map<T, Elements.Product>, o.Left, o.Right, o.Output),
            Scale o => Map(&Elements.Map<T, Elements.Scaled>, o.Input, o.Input, o.Output, o.Factor),
            SoftCap o => Map(&Elements.Map<T, Elements.Capped>, o.Input, o.Input, o.Output, o.Cap),
            Activate o => Map(Elements.Activation<T>(o.Function), o.Input, o.Input, o.Output, 1),
            Gated o => Map(Elements.Gated<T>(o.Function), o.Gate, o.Up, o.Output, o.Alpha, o.Limit),
            Pool o => new PoolPhase(o.Kind, Width(o.Input), At(o.Input), At(o.Output)),
            Cast o when o.Input.Type != o.Output.Type
                => new CastPhase(o.Output.Type == TensorType.I32, Extent.RowsOf(o.Output), Width(o.Output), At(o.Input), At(o.Output)),
            Cast o => new CopyPhase(Extent.ElementsOf(o.Output), At(o.Input), At(o.Output)),
            View o => new CopyPhase(Extent.ElementsOf(o.Output), At(o.Input).Plus((nint)(o.FirstRow * o.Input.Shape.D0.Constant * 4)), At(o.Output)),
            ArgMax o => new ArgMaxPhase<T>(Extent.RowsOf(o.Input), Width(o.Input), At(o.Input), At(o.Ids), At(o.Values)),
            _ => throw new InvalidOperationException($"{operation.GetType().Name} has no phase."),
        };

        private ElementPhase Map(delegate*<float*, float*, float*, long, float, float, void> function, GraphValue a, GraphValue b, GraphValue y, float p, float q = 0)
            => new(function, Extent.ElementsOf(y), At(a), At(b), At(y), p, q);

        private ElementRowsPhase Rows(delegate*<float*, float*, float*, long, float, float, void> function, GraphValue a, GraphValue b, GraphValue y, float p, float q = 0)
            => new(function, Extent.RowsOf(y), Width(y), At(a), At(b), At(y), p, q);

        private Phase Pair(delegate*<float*, float*, float*, long, float, float, void> function, GraphValue a, GraphValue b, GraphValue y)
            => a.Shape == b.Shape ? Map(function, a, b, y, 0)
                : new BroadcastPhase(function, Width(y), [Extent.Of(a.Shape.D1), Extent.Of(a.Shape.D2), Extent.Of(a.Shape.D3)],
                    [a.Shape.D1 != b.Shape.D1, a.Shape.D2 != b.Shape.D2, a.Shape.D3 != b.Shape.D3], At(a), At(b), At(y));

        private MatrixPart Part(MatMul o) => new ProductPart(Matrix(o), At(o.Output));

        private MatrixPart Part(FusedActivation a) => a.Function switch
        {
            Activate o => Part(a, Elements.Activation<T>(o.Function), 1, 0),
            Gated o => Part(a, Elements.Gated<T>(o.Function), o.Alpha, o.Limit),
            _ => throw new InvalidOperationException($"{a.Function.GetType().Name} is not fused with matrices."),
        };

        private ActivatedPart<T> Part(FusedActivation a, delegate*<float*, float*, float*, long, float, float, void> function, float p, float q)
            => new(Matrix(a.Left), a.Right == a.Left ? null : Matrix(a.Right), function, p, q, Extent.RowsOf(a.Output).Resolve(layout.Bounds), bits,
                a.Stores ? At(a.Output) : Operand.None, a.Quantizes ? layout.Quantized[a.Output] : Operand.None);

        private Matrix Matrix(MatMul o) => new(Kernel(o.Weight.Type), weightAddress(o.Weight), RowBytes(o.Weight), o.Weight.Shape.D1.Constant, At(o.Bias));

        private MatrixKernel Kernel(TensorType type)
            => _kernels.TryGetValue(type, out var kernel) ? kernel : _kernels[type] = MatrixKernels.Create(type, set, bits);

        private Operand At(GraphValue? value) => value is null ? Operand.None
            : value.IsWeight ? new Operand(Operand.Absolute, weightAddress(value)) : layout.Values[value];

        // Of what matrices read; a result that is only quantised has no other place.
        private Operand FloatsAt(GraphValue input) => input.IsWeight || layout.Values.ContainsKey(input) ? At(input) : Operand.None;

        private float* Floats(GraphValue? weight) => weight is null ? null : (float*)weightAddress(weight);

        private static int Width(GraphValue value) => (int)value.Shape.D0.Constant;

        private static nint RowBytes(GraphValue weight) => (nint)weight.Type.RowBytes(weight.Shape.D0.Constant);
    }
}
