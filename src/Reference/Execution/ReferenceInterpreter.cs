using Hotplug.Abstractions.Graphs;
using Hotplug.Reference.Operations;
using Hotplug.Reference.Tolerances;

namespace Hotplug.Reference.Execution;

/// <summary>
/// Runs a slice operation by operation in double precision, nothing fused, nothing clever: the oracle for backends and models. Storage for every value is made
/// once, for the bounds of the slice; a run allocates nothing once scratch has grown. Not safe for several threads at once.
/// </summary>
public sealed class ReferenceInterpreter
{
    private readonly Dictionary<GraphValue, ReferenceOperand> _operands = [];
    private readonly (GraphValue Key, ReferenceValue Value)[] _values;
    private readonly (Operation Operation, ReferenceValue[] Written)[] _program;
    private readonly OperationContext _context;

    /// <summary>Prepares a slice.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="weights">Gives each weight of the slice; asked once.</param>
    /// <param name="storage">Makes storage for a value of the slice at its largest extents, or null for arrays; asked once per value, inputs and outputs included.</param>
    /// <exception cref="NotSupportedException">An operation has no reference.</exception>
    public ReferenceInterpreter(GraphSlice slice, Func<GraphValue, ReferenceOperand> weights, Func<GraphValue, ReferenceValue>? storage = null)
    {
        Slice = slice;
        storage ??= value => new ArrayValue(value.Type, value.Shape.Resolve(slice.Bounds));
        foreach (var weight in slice.Weights) _operands.TryAdd(weight, weights(weight));
        foreach (var input in slice.Inputs) _operands.TryAdd(input, storage(input));
        foreach (var operation in slice.Operations)
        {
            if (!ReferenceOperations.Supports(operation))
                throw new NotSupportedException($"{operation.GetType().Name} has no reference.");
            foreach (var read in operation.Reads)
                if (!_operands.ContainsKey(read))
                    throw new ArgumentException($"{operation.GetType().Name} reads {read}, which is no weight or input of the slice and not written before.", nameof(slice));
            foreach (var written in operation.Writes) _operands.TryAdd(written, storage(written));
        }
        foreach (var output in slice.Outputs)
            if (!_operands.ContainsKey(output))
                throw new ArgumentException($"Output {output} is written by no operation of the slice.", nameof(slice));
        _values = [.. _operands.Where(entry => entry.Value is ReferenceValue).Select(entry => (entry.Key, (ReferenceValue)entry.Value))];
        _program = [.. slice.Operations.Select(operation => (operation, operation.Writes.Select(value => this[value]).ToArray()))];
        _context = new OperationContext(_operands);
    }

    /// <summary>The slice.</summary>
    public GraphSlice Slice { get; }

    /// <summary>
    /// Rounds what every operation writes to single precision, as a backend does that keeps F32 between operations; then a slice gives the same bits
    /// however it is cut. Off: the most exact result.
    /// </summary>
    public bool RoundToSingle { get; init; }

    /// <summary>A value of the slice: inputs are filled through it before a run (see <see cref="Begin"/>), outputs read after it.</summary>
    /// <exception cref="KeyNotFoundException">The slice has no such value.</exception>
    public ReferenceValue this[GraphValue value] => (ReferenceValue)_operands[value];

    /// <summary>Sets the extents of all values to those of the step; then inputs are filled and <see cref="Run(IReferenceKvCache?)"/> called.</summary>
    /// <exception cref="ArgumentException">The step exceeds the bounds of the slice.</exception>
    public void Begin(in ReferenceStep step)
    {
        var extents = step.Extents;
        foreach (var (key, value) in _values) value.Resize(key.Shape.Resolve(extents));
        _context.Step = step;
    }

    /// <summary>Operations of the slice.</summary>
    public int OperationCount => _program.Length;

    /// <summary>Runs the operations of the step begun.</summary>
    /// <param name="cache">The KV cache, or null if the slice touches none.</param>
    /// <exception cref="OperationCanceledException">The step's cancellation was asked.</exception>
    public void Run(IReferenceKvCache? cache = null)
    {
        for (var i = 0; i < _program.Length; i++) RunOperation(i, cache);
    }

    /// <summary>Runs one operation of the step begun; those before it have run.</summary>
    /// <param name="index">Number of the operation, from 0.</param>
    /// <param name="cache">The KV cache, or null if the slice touches none.</param>
    /// <exception cref="OperationCanceledException">The step's cancellation was asked.</exception>
    public void RunOperation(int index, IReferenceKvCache? cache)
    {
        var (operation, written) = _program[index];
        _context.Step.Cancellation.ThrowIfCancellationRequested();
        _context.Cache = cache;
        ReferenceOperations.Run(operation, _context);
        if (!RoundToSingle) return;
        foreach (var value in written) value.RoundToSingle();
    }

    /// <summary>Begins a step, takes the inputs, in the order of the slice, and runs it.</summary>
    /// <param name="step">The step.</param>
    /// <param name="cache">The KV cache, or null.</param>
    /// <param name="inputs">Elements of each input at the extents of the step.</param>
    /// <returns>Elements of each output, in the order of the slice.</returns>
    public double[][] Run(in ReferenceStep step, IReferenceKvCache? cache, params ReadOnlySpan<float[]> inputs)
    {
        if (inputs.Length != Slice.Inputs.Count)
            throw new ArgumentException($"The slice has {Slice.Inputs.Count} inputs, and {inputs.Length} were given.", nameof(inputs));
        Begin(step);
        for (var i = 0; i < inputs.Length; i++) Fill(this[Slice.Inputs[i]], inputs[i]);
        Run(cache);
        return [.. Slice.Outputs.Select(output => Elements(this[output]))];
    }

    /// <summary>
    /// The largest permitted difference of every element of a value from the result of the last run, given what its operation read: see <see cref="Tolerance"/>.
    /// </summary>
    /// <exception cref="ArgumentException">No operation of the slice writes the value.</exception>
    public double[] Bounds(GraphValue value)
    {
        foreach (var operation in Slice.Operations)
            if (operation.Writes.Contains(value)) return Tolerance.Bounds(operation, value, _context);
        throw new ArgumentException($"{value} is written by no operation of the slice.", nameof(value));
    }

    /// <summary>All elements of a value at its current extents.</summary>
    public static double[] Elements(ReferenceValue value)
    {
        var elements = new double[value.Shape.ElementCount];
        for (var r = 0L; r < value.Shape.RowCount; r++) value.Row(r).CopyTo(elements.AsSpan((int)(r * value.Shape.D0)));
        return elements;
    }

    private static void Fill(ReferenceValue value, ReadOnlySpan<float> elements)
    {
        if (elements.Length != value.Shape.ElementCount)
            throw new ArgumentException($"An input {value.Shape} has {value.Shape.ElementCount} elements, not {elements.Length}.");
        for (var r = 0L; r < value.Shape.RowCount; r++)
        {
            var row = value.Row(r);
            for (var i = 0; i < row.Length; i++) row[i] = elements[(int)(r * row.Length) + i];
        }
    }
}
