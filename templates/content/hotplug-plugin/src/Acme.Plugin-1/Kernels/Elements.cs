namespace Acme.Plugin_1.Kernels;

/// <summary>Operations element by element.</summary>
internal static unsafe class Elements
{
    /// <summary>left + right; the only row of right for every row of left where it is repeated.</summary>
    public static void Add(float* left, float* right, float* output, long width, long rows, bool repeated)
    {
        for (var row = 0L; row < rows; row++)
            for (var i = 0L; i < width; i++)
                output[row * width + i] = left[row * width + i] + right[repeated ? i : row * width + i];
    }

    /// <summary>left · right; the only row of right for every row of left where it is repeated.</summary>
    public static void Multiply(float* left, float* right, float* output, long width, long rows, bool repeated)
    {
        for (var row = 0L; row < rows; row++)
            for (var i = 0L; i < width; i++)
                output[row * width + i] = left[row * width + i] * right[repeated ? i : row * width + i];
    }

    /// <summary>silu(gate) · up; with a limit above 0 both are held to it first, and 1 is added to up.</summary>
    public static void SiluGate(float* gate, float* up, float limit, float* output, long count)
    {
        for (var i = 0L; i < count; i++)
        {
            double g = gate[i], u = up[i];
            if (limit > 0) (g, u) = (Math.Min(g, limit), Math.Clamp(u, -limit, limit) + 1);
            output[i] = (float)(g / (1 + Math.Exp(-g)) * u);
        }
    }
}
