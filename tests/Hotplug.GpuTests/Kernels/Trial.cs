using Hotplug.Abstractions.Graphs;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Tolerances;
using ILGPU;
using ILGPU.Runtime;
using Xunit;

namespace Hotplug.GpuTests.Kernels;

/// <summary>One launch with its memory, some words behind every operand watched for writes beyond it.</summary>
internal sealed class Trial(KernelBed bed, Random random) : IDisposable
{
    private const int Guard = 9, Poison = unchecked((int)0xFFBADBAD);
    private readonly List<(MemoryBuffer1D<int, Stride1D.Dense> Buffer, int Count)> _buffers = [];

    /// <summary>Groups of the launch, from one to more than any test has work for.</summary>
    public int Groups { get; } = 1 << random.Next(6);

    /// <summary>Lanes of a group: few different numbers, since OpenCL on a CPU compiles a kernel for each.</summary>
    public int Lanes { get; } = bed.GroupSize == 4 ? 1 << random.Next(3) : 1 << 4 * random.Next(3);

    /// <summary>Memory holding these.</summary>
    public ArrayView<float> Floats(params ReadOnlySpan<float> values)
    {
        var words = new int[values.Length];
        for (var i = 0; i < words.Length; i++) words[i] = BitConverter.SingleToInt32Bits(values[i]);
        return Words(words).Cast<float>();
    }

    /// <summary>Memory holding these.</summary>
    public ArrayView<int> Words(params ReadOnlySpan<int> values)
    {
        var words = new int[values.Length + Guard];
        Array.Fill(words, Poison);
        values.CopyTo(words);
        var buffer = bed.Accelerator.Allocate1D(words);
        _buffers.Add((buffer, values.Length));
        return buffer.View.AsContiguous().SubView(0, values.Length);
    }

    /// <summary>Memory to be written, poisoned with not-a-number.</summary>
    public ArrayView<float> Output(int count)
    {
        var words = new int[count];
        Array.Fill(words, Poison);
        return Words(words).Cast<float>();
    }

    /// <summary>Runs the kernel.</summary>
    public void Run<TArguments>(Action<TArguments> kernel, TArguments arguments) where TArguments : struct
    {
        bed.Run(kernel, Groups, arguments, Lanes);
        foreach (var (buffer, count) in _buffers)
            Assert.All(buffer.GetAsArray1D()[count..], word => Assert.Equal(Poison, word));
    }

    /// <summary>What an operand holds now.</summary>
    public static float[] Read(ArrayView<float> view) => [.. ReadWords(view.Cast<int>()).Select(BitConverter.Int32BitsToSingle)];

    /// <inheritdoc cref="Read"/>
    public static int[] ReadWords(ArrayView<int> view)
    {
        var words = new int[view.Length];
        view.CopyToCPU(words);
        return words;
    }

    /// <summary>Compares with the reference, within its bounds.</summary>
    /// <param name="operation">The operation, of constant shapes.</param>
    /// <param name="actual">What the kernel wrote.</param>
    /// <param name="inputs">Elements of what the operation reads, in its order.</param>
    public void Compare(Operation operation, ReadOnlySpan<float> actual, params ReadOnlySpan<float[]> inputs)
    {
        var output = operation.Writes[0];
        var slice = new GraphSlice { Operations = [operation], Weights = [], Inputs = [.. operation.Reads], Outputs = [output], Bounds = default };
        var interpreter = new ReferenceInterpreter(slice, _ => throw new InvalidOperationException("A trial has no weights."));
        var expected = interpreter.Run(default, null, inputs)[0];
        var bounds = interpreter.Bounds(output);
        // Bounds are for finite operands; what comes of others is zero, infinite or not a number, exactly.
        for (var i = 0; i < bounds.Length; i++)
            if (double.IsNaN(bounds[i])) bounds[i] = 0;
        var outside = Tolerance.FirstOutside(expected, actual, bounds);
        if (outside >= 0)
            Assert.Fail($"{operation}, {Groups} groups of {Lanes}: element {outside} is {actual[outside]:g9}, should be {expected[outside]:g9} ± {bounds[outside]:g3}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (buffer, _) in _buffers) buffer.Dispose();
    }
}
