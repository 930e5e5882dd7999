#include "Functions.metal"

struct ActivateArgs { uint count, function; float alpha; };

kernel void activate(constant ActivateArgs& args [[buffer(0)]], device const float* x [[buffer(1)]], device float* y [[buffer(2)]],
    uint first [[thread_position_in_grid]], uint stride [[threads_per_grid]]) {
    for (uint i = first; i < args.count; i += stride) y[i] = activation(args.function, args.alpha, x[i]);
}
