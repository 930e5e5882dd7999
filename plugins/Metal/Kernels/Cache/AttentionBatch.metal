#include "Common.metal"
#include "Cache/Step.metal"

// Widest key and value of a head: 576 and 512.
#define BATCH_THREADS 128u

struct AttentionBatchArgs { uint query_heads, heads, key_width, value_width, rows, causal, window; float scale, soft_cap; };

// Attention of a row among the rows of its sequence, without a cache: q[key width, query heads, n], k[key width, heads, n], v[value width, heads, n].
// 128 threads; threadgroups: query heads × rows.
[[max_total_threads_per_threadgroup(128)]] kernel void attention_batch(constant AttentionBatchArgs& args [[buffer(0)]], device const float* query [[buffer(1)]],
    device const float* keys [[buffer(2)]], device const float* values [[buffer(3)]], device const int* positions [[buffer(4)]], device const int* sequences [[buffer(5)]],
    device const int* row_sequences [[buffer(6)]], device float* output [[buffer(7)]], uint3 group [[threadgroup_position_in_grid]],
    uint thread_ [[thread_index_in_threadgroup]], uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]],
    uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float q[576];
    threadgroup float part[32];
    threadgroup float weights[128];
    uint head = group.x, row = group.y, kv_head = head / (args.query_heads / args.heads);
    device const int* sequence = sequences + uint(row_sequences[row]) * SEQUENCE_WORDS;
    uint first = uint(sequence[FIRST_ROW]), end = first + uint(sequence[ROW_COUNT]);
    int position = positions[row];
    for (uint i = thread_; i < args.key_width; i += BATCH_THREADS) q[i] = query[(ulong(row) * args.query_heads + head) * args.key_width + i];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float largest = -INFINITY, sum = 0.0f;
    float4 total = float4(0.0f);
    for (uint start = first; start < end; start += BATCH_THREADS) {
        uint other = start + thread_;
        float score = -INFINITY;
        if (other < end) {
            int at = positions[other];
            if ((args.causal == 0 || at <= position) && (args.window == 0 || at > position - int(args.window))) {
                device const float* key = keys + (ulong(other) * args.heads + kv_head) * args.key_width;
                float dot_product = 0.0f;
                for (uint i = 0; i < args.key_width; i++) dot_product += q[i] * key[i];
                score = args.scale * dot_product;
                if (args.soft_cap != 0.0f) score = args.soft_cap * precise::tanh(clamp(score / args.soft_cap, -15.0f, 15.0f));
            }
        }
        float now = max(largest, group_max(score, part, simd, simds, lane));
        if (now == -INFINITY) continue;
        float kept = largest == -INFINITY ? 0.0f : precise::exp(largest - now);
        float weight = score == -INFINITY ? 0.0f : precise::exp(score - now);
        largest = now;
        weights[thread_] = weight;
        // Holds a barrier: from here on all weights are there, until the next one of group_max.
        sum = sum * kept + group_sum(weight, part, simd, simds, lane);
        total *= kept;
        for (uint c = 0; c < min(BATCH_THREADS, end - start); c++) {
            float w = weights[c];
            // A row that is not seen may hold anything.
            if (w == 0.0f) continue;
            device const float* value = values + (ulong(start + c) * args.heads + kv_head) * args.value_width;
            for (uint j = 0; j < 4; j++)
                if (thread_ + j * BATCH_THREADS < args.value_width) total[j] += w * value[thread_ + j * BATCH_THREADS];
        }
    }
    for (uint j = 0; j < 4; j++)
        if (thread_ + j * BATCH_THREADS < args.value_width)
            output[(ulong(row) * args.query_heads + head) * args.value_width + thread_ + j * BATCH_THREADS] = largest == -INFINITY ? 0.0f : total[j] / sum;
}
