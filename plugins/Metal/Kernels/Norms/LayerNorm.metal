#include "Common.metal"

// One threadgroup of whole simdgroups per row. The variance is that of the centred elements: the difference of two large sums would not do.
struct LayerNormArgs { uint width, rows, has_weight, has_bias; float epsilon; };

kernel void layer_norm(constant LayerNormArgs& args [[buffer(0)]], device const float* input [[buffer(1)]], device const float* weight [[buffer(2)]], device const float* bias [[buffer(3)]],
    device float* output [[buffer(4)]],
    uint group [[threadgroup_position_in_grid]], uint groups [[threadgroups_per_grid]], uint thread_ [[thread_position_in_threadgroup]],
    uint threads [[threads_per_threadgroup]], uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]],
    uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float part[LANES];
    for (ulong row = group; row < args.rows; row += groups) {
        device const float* x = input + row * args.width;
        device float* y = output + row * args.width;
        float sum = 0.0f;
        for (uint i = thread_; i < args.width; i += threads) sum += x[i];
        float mean = group_sum(sum, part, simd, simds, lane) / float(args.width);
        float squares = 0.0f;
        for (uint i = thread_; i < args.width; i += threads) squares += (x[i] - mean) * (x[i] - mean);
        squares = group_sum(squares, part, simd, simds, lane);
        float factor = 1.0f / precise::sqrt(squares / float(args.width) + args.epsilon);
        for (uint i = thread_; i < args.width; i += threads)
            y[i] = (x[i] - mean) * factor * (args.has_weight != 0 ? weight[i] : 1.0f) + (args.has_bias != 0 ? bias[i] : 0.0f);
    }
}
