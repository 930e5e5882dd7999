#include "Common.metal"

// One threadgroup of whole simdgroups per row.
struct SoftmaxArgs { uint width, rows; };

kernel void softmax(constant SoftmaxArgs& args [[buffer(0)]], device const float* input [[buffer(1)]], device float* output [[buffer(2)]],
    uint group [[threadgroup_position_in_grid]], uint groups [[threadgroups_per_grid]], uint thread_ [[thread_position_in_threadgroup]],
    uint threads [[threads_per_threadgroup]], uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]],
    uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float part[LANES];
    for (ulong row = group; row < args.rows; row += groups) {
        device const float* x = input + row * args.width;
        device float* y = output + row * args.width;
        float largest = -INFINITY;
        for (uint i = thread_; i < args.width; i += threads) largest = max(largest, x[i]);
        largest = group_max(largest, part, simd, simds, lane);
        float sum = 0.0f;
        for (uint i = thread_; i < args.width; i += threads) {
            float e = precise::exp(x[i] - largest);
            y[i] = e;
            sum += e;
        }
        sum = group_sum(sum, part, simd, simds, lane);
        // A thread reads back what it wrote itself.
        for (uint i = thread_; i < args.width; i += threads) y[i] = y[i] / sum;
    }
}
