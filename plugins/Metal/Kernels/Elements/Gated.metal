#include "Functions.metal"

// A limit above 0 is that of gpt-oss: the gate is held below it, the other factor between it and its opposite, then 1 is added.
struct GatedArgs { uint count, function; float alpha, limit; };

kernel void gated(constant GatedArgs& args [[buffer(0)]], device const float* gate [[buffer(1)]], device const float* up [[buffer(2)]],
    device float* output [[buffer(3)]], uint first [[thread_position_in_grid]], uint stride [[threads_per_grid]]) {
    for (uint i = first; i < args.count; i += stride) {
        float g = gate[i], u = up[i];
        if (args.limit > 0.0f) {
            g = min(g, args.limit);
            u = clamp(u, -args.limit, args.limit) + 1.0f;
        }
        output[i] = activation(args.function, args.alpha, g) * u;
    }
}
