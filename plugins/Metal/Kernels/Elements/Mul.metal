#include "Elements/Broadcast.metal"

// A threadgroup takes rows, its threads elements.
kernel void mul(constant BroadcastArgs& args [[buffer(0)]], device const float* left [[buffer(1)]], device const float* right [[buffer(2)]],
               device float* output [[buffer(3)]], uint group [[threadgroup_position_in_grid]], uint groups [[threadgroups_per_grid]],
               uint thread_ [[thread_position_in_threadgroup]], uint threads [[threads_per_threadgroup]]) {
    ulong rows = ulong(args.extent1) * args.extent2 * args.extent3;
    for (ulong row = group; row < rows; row += groups) {
        device const float* a = left + row * args.width;
        device const float* b = right + right_row(args, row) * args.width;
        device float* y = output + row * args.width;
        for (uint i = thread_; i < args.width; i += threads) y[i] = a[i] * b[i];
    }
}
