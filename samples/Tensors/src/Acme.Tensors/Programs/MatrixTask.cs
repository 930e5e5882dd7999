using System.Numerics.Tensors;
using Acme.Tensors.Kernels;
using Acme.Tensors.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;

namespace Acme.Tensors.Programs;

/// <summary>
/// A product, shared out by rows of the matrix: each row is expanded once and multiplied with every row of the step. One object serves all products of an executable.
/// </summary>
internal sealed unsafe class MatrixTask : IWorkerTask
{
    public TensorType Type { get; set; }

    /// <summary>Elements of a row of the matrix.</summary>
    public int Width { get; set; }

    /// <summary>Rows of the matrix.</summary>
    public long Height { get; set; }

    /// <summary>Rows of the step.</summary>
    public long Rows { get; set; }

    public byte* Weight { get; set; }

    public float* Input { get; set; }

    /// <summary>Null for none.</summary>
    public float* Bias { get; set; }

    public float* Output { get; set; }

    /// <summary>Room for <see cref="ScratchRow"/> floats per worker; unused for F32.</summary>
    public float* Scratch { get; set; }

    public int ScratchRow { get; set; }

    public void Run(int worker, int count)
    {
        var scratch = Type == TensorType.F32 ? default : new Span<float>(Scratch + (long)worker * ScratchRow, ScratchRow);
        var rowBytes = PlaneLayout.RowBytes(Type, Width);
        var (first, end) = (Height * worker / count, Height * (worker + 1) / count);
        for (var j = first; j < end; j++)
        {
            var w = WeightRow.Floats(Type, Weight + j * rowBytes, Width, scratch);
            var bias = Bias == null ? 0 : Bias[j];
            for (var row = 0L; row < Rows; row++)
                Output[row * Height + j] = TensorPrimitives.Dot(w, new ReadOnlySpan<float>(Input + row * Width, Width)) + bias;
        }
    }
}
