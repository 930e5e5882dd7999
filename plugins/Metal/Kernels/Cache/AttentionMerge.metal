#include "Common.metal"

struct AttentionMergeArgs { uint query_heads, rows, width, parts, has_sinks; };

// Puts the parts of a query's attention together; a sink is one more score without a value. A row that sees nothing gives zeros. Threadgroups: query heads × rows.
kernel void attention_merge(constant AttentionMergeArgs& args [[buffer(0)]], device const float* partial [[buffer(1)]], device const float* sinks [[buffer(2)]],
    device float* output [[buffer(3)]], uint3 group [[threadgroup_position_in_grid]], uint thread_ [[thread_index_in_threadgroup]],
    uint3 threads [[threads_per_threadgroup]]) {
    uint head = group.x;
    ulong vector = ulong(group.y) * args.query_heads + head;
    device const float* parts = partial + vector * args.parts * (args.width + 2);
    float largest = -INFINITY;
    for (uint p = 0; p < args.parts; p++) largest = max(largest, parts[p * (args.width + 2)]);
    bool nothing = largest == -INFINITY;
    if (args.has_sinks != 0) largest = max(largest, sinks[head]);
    float sum = args.has_sinks != 0 ? precise::exp(sinks[head] - largest) : 0.0f;
    for (uint p = 0; p < args.parts && !nothing; p++) sum += parts[p * (args.width + 2) + 1] * precise::exp(parts[p * (args.width + 2)] - largest);
    for (uint i = thread_; i < args.width; i += threads.x) {
        float total = 0.0f;
        for (uint p = 0; p < args.parts && !nothing; p++) {
            device const float* from = parts + p * (args.width + 2);
            if (from[0] != -INFINITY) total += from[2 + i] * precise::exp(from[0] - largest);
        }
        output[vector * args.width + i] = nothing ? 0.0f : total / sum;
    }
}
