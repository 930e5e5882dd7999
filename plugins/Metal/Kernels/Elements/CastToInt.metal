#include "Common.metal"

struct CastToIntArgs { uint count; };

kernel void cast_to_int(constant CastToIntArgs& args [[buffer(0)]], device const float* x [[buffer(1)]], device int* y [[buffer(2)]],
    uint first [[thread_position_in_grid]], uint stride [[threads_per_grid]]) {
    for (uint i = first; i < args.count; i += stride) y[i] = int(x[i]);
}
