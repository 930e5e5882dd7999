namespace Acme.Plugin_1.Kernels;

/// <summary>y = x / √(mean(x²) + ε) · w over rows.</summary>
internal static unsafe class RootMeanSquare
{
    public static void Run(float* input, float* weight, float epsilon, float* output, long width, long rows)
    {
        for (var row = 0L; row < rows; row++, input += width, output += width)
        {
            var squares = 0.0;
            for (var i = 0L; i < width; i++) squares += (double)input[i] * input[i];
            var factor = 1 / Math.Sqrt(squares / width + epsilon);
            for (var i = 0L; i < width; i++) output[i] = (float)(input[i] * factor * (weight is null ? 1 : weight[i]));
        }
    }
}
