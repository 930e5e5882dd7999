#include "Common.metal"

struct CastToFloatArgs { uint count; };

kernel void cast_to_float(constant CastToFloatArgs& args [[buffer(0)]], device const int* x [[buffer(1)]], device float* y [[buffer(2)]],
    uint first [[thread_position_in_grid]], uint stride [[threads_per_grid]]) {
    for (uint i = first; i < args.count; i += stride) y[i] = float(x[i]);
}
