#include "Common.metal"

// Numbers as in the contract's enumeration of activations.
#define SILU 0u
#define GELU_TANH 1u
#define GELU_ERF 2u
#define RELU 3u
#define RELU_SQUARED 4u
#define SWISH_ALPHA 5u
#define TANH 6u
#define SIGMOID 7u

// Metal has no error function: Chebyshev fits made for this project, 1e-7 absolutely; the same as on the other devices.
static inline float error_function(float x) {
    float size = fabs(x);
    if (size < 1.0f) {
        float z = x * x;
        float p = -9.66704457149e-6f * z + 0.000112659590256f;
        p = p * z - 0.000848408040554f;
        p = p * z + 0.00522103180786f;
        p = p * z - 0.0268654307277f;
        p = p * z + 0.112837824952f;
        p = p * z - 0.37612638468f;
        p = p * z + 1.12837916706f;
        return p * x;
    }
    // 1 - e^(-x²)·q(1 / (1 + x/2)); beyond 6 it is 1 in every float.
    float capped = size > 6.0f ? 6.0f : size;
    float t = 1.0f / (capped * 0.5f + 1.0f);
    float q = 0.0454695136111f * t - 0.0592596130667f;
    q = q * t - 0.167081544723f;
    q = q * t + 0.270151936446f;
    q = q * t + 0.0712717223744f;
    q = q * t + 0.281668589178f;
    q = q * t + 0.275167306678f;
    q = q * t + 0.2828620675f;
    q = q * t - 3.64885979788e-5f;
    float large = 1.0f - precise::exp(-capped * capped) * q;
    return x < 0.0f ? -large : large;
}

static inline float sigmoid(float x) { return 1.0f / (1.0f + precise::exp(-x)); }

// The argument is held where the result is 1 anyway: some implementations overflow inside.
static inline float hyperbolic_tangent(float x) { return is_nan(x) ? x : precise::tanh(clamp(x, -15.0f, 15.0f)); }

static inline float activation(uint function, float alpha, float x) {
    switch (function) {
        case SILU: return x * sigmoid(x);
        case GELU_TANH: return 0.5f * x * (1.0f + hyperbolic_tangent(0.797884560802865f * (x + 0.044715f * x * x * x)));
        case GELU_ERF: return 0.5f * x * (1.0f + error_function(x * 0.707106781186548f));
        case RELU: return x > 0.0f ? x : 0.0f;
        case RELU_SQUARED: return x > 0.0f ? x * x : 0.0f;
        case SWISH_ALPHA: return x * sigmoid(alpha * x);
        case TANH: return hyperbolic_tangent(x);
        default: return sigmoid(x);
    }
}
