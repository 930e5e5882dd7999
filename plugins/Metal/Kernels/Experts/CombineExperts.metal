#include "Common.metal"

struct CombineExpertsArgs { uint m, used, tokens; };

// y[m, used, tokens], w[used, tokens] → [m, tokens]: Σ w·y.
kernel void combine_experts(constant CombineExpertsArgs& args [[buffer(0)]], device const float* input [[buffer(1)]], device const float* weights [[buffer(2)]],
    device float* output [[buffer(3)]], uint first [[thread_position_in_grid]], uint stride [[threads_per_grid]]) {
    for (ulong n = first; n < ulong(args.m) * args.tokens; n += stride) {
        ulong token = n / args.m;
        uint j = uint(n % args.m);
        float sum = 0.0f;
        for (uint u = 0; u < args.used; u++) sum += weights[token * args.used + u] * input[(token * args.used + u) * args.m + j];
        output[n] = sum;
    }
}
