#include "Common.metal"

struct CopyArgs { uint count; };

kernel void copy_words(constant CopyArgs& args [[buffer(0)]], device const uint* x [[buffer(1)]], device uint* y [[buffer(2)]],
    uint first [[thread_position_in_grid]], uint stride [[threads_per_grid]]) {
    for (uint i = first; i < args.count; i += stride) y[i] = x[i];
}
