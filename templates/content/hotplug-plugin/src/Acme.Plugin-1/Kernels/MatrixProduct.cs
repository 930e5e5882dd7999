using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Acme.Plugin_1.Kernels;

/// <summary>y_j = Σ_i W_ij · x_i (+ b_j) for every row x. Plain, exact and slow: yours will be neither plain nor slow, and the kit says how exact it must be.</summary>
internal static unsafe class MatrixProduct
{
    private const int BlockLength = 32, BlockBytes = 34;

    /// <param name="type">F32 or Q8_0.</param>
    /// <param name="weight">m rows of k elements.</param>
    /// <param name="k">Elements of a row.</param>
    /// <param name="m">Rows of the matrix.</param>
    /// <param name="input">Rows of k.</param>
    /// <param name="bias">m elements, or null.</param>
    /// <param name="output">Rows of m.</param>
    /// <param name="rows">Rows.</param>
    public static void Run(TensorType type, byte* weight, long k, long m, float* input, float* bias, float* output, long rows)
    {
        var rowBytes = type.RowBytes(k);
        for (var row = 0L; row < rows; row++)
            for (var j = 0L; j < m; j++)
            {
                var w = weight + j * rowBytes;
                var x = input + row * k;
                var sum = type == TensorType.F32 ? Dot((float*)w, x, k) : DotBlocks(w, x, k);
                output[row * m + j] = (float)(bias is null ? sum : sum + bias[j]);
            }
    }

    private static double Dot(float* w, float* x, long k)
    {
        var sum = 0.0;
        for (var i = 0L; i < k; i++) sum += (double)w[i] * x[i];
        return sum;
    }

    // A block of Q8_0 is a half-precision scale and 32 signed bytes.
    private static double DotBlocks(byte* w, float* x, long k)
    {
        var sum = 0.0;
        for (var first = 0L; first < k; first += BlockLength, w += BlockBytes)
        {
            var scale = (double)BinaryPrimitives.ReadHalfLittleEndian(new ReadOnlySpan<byte>(w, 2));
            var codes = (sbyte*)(w + 2);
            var block = 0.0;
            for (var i = 0; i < BlockLength; i++) block += codes[i] * (double)x[first + i];
            sum += scale * block;
        }
        return sum;
    }
}
