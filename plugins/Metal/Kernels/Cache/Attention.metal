#include "Cache/KvFormats.metal"
#include "Cache/Step.metal"

// Widest key and value of a head.
#define MAX_KEY 576u
#define MAX_VALUE 512u
#define ATTENTION_THREADS 128u

struct AttentionArgs {
    KvPart keys, values;
    uint query_heads, rows, causal, window;
    float scale, soft_cap;
    uint chunk;                 // cells that a threadgroup takes
    uint first_part, parts;     // numbers of the parts that this dispatch writes, and of all
};

// One part of the attention of a query: the cells [split·chunk, (split + 1)·chunk) as far as they lie in this buffer of the pool. Writes the largest score, the sum of
// the weights e^(score - largest) and the values weighted so: [row][head][part][2 + value width]; the parts are put together by attention_merge.
// 128 threads; threadgroups: query heads × rows × splits.
template <typename Keys, typename Values> [[max_total_threads_per_threadgroup(128)]] kernel void attention(constant AttentionArgs& args [[buffer(0)]],
    device const float* query [[buffer(1)]], device const int* positions [[buffer(2)]], device const int* sequences [[buffer(3)]],
    device const int* row_sequences [[buffer(4)]], device const int* pages [[buffer(5)]], device const uchar* pool [[buffer(6)]], device float* partial [[buffer(7)]],
    uint3 group [[threadgroup_position_in_grid]], uint thread_ [[thread_index_in_threadgroup]], uint simd [[simdgroup_index_in_threadgroup]],
    uint simds [[simdgroups_per_threadgroup]], uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float q[576];
    threadgroup float part[32];
    threadgroup float weights[128];
    threadgroup int places[128];    // page in this buffer of a cell, or -1
    threadgroup float sums[128];
    uint head = group.x, row = group.y;
    uint kv_head = head / (args.query_heads / args.keys.heads);
    device const int* sequence = sequences + uint(row_sequences[row]) * SEQUENCE_WORDS;
    device const int* list = pages + uint(sequence[FIRST_PAGE]);
    int position = positions[row];
    uint cells = uint(sequence[CACHED_LENGTH] + sequence[ROW_COUNT]);
    uint begin = group.z * args.chunk, end = min(cells, begin + args.chunk);
    uint mask = (1u << args.keys.page_shift) - 1u;
    for (uint i = thread_; i < args.keys.width; i += ATTENTION_THREADS) q[i] = query[(ulong(row) * args.query_heads + head) * args.keys.width + i];
    threadgroup_barrier(mem_flags::mem_threadgroup);

    // Narrow values: several teams of threads share the cells. Wide ones: every thread has up to four elements.
    uint width = args.values.width;
    uint teams = max(1u, ATTENTION_THREADS / width);
    uint team = width < ATTENTION_THREADS ? thread_ / width : 0u, element = width < ATTENTION_THREADS ? thread_ % width : thread_;
    float largest = -INFINITY, sum = 0.0f;
    float4 output = float4(0.0f);
    for (uint start = begin; start < end; start += ATTENTION_THREADS) {
        uint cell = start + thread_;
        float score = -INFINITY;
        int place = -1;
        if (cell < end) {
            int at = sequence[FIRST_POSITION] + int(cell);
            bool seen = (args.causal == 0 || at <= position) && (args.window == 0 || at > position - int(args.window));
            if (seen) place = local_page(args.keys.buffer_index, args.keys.pages_per_buffer, list[cell >> args.keys.page_shift]);
            if (place >= 0) {
                device const typename Keys::Stored* key = (device const typename Keys::Stored*)(pool + ulong(place) * args.keys.page_bytes + args.keys.offset)
                    + kv_head * args.keys.stride_head + (cell & mask) * args.keys.stride_cell;
                float dot_product = 0.0f;
                for (uint i = 0; i < args.keys.width; i++) dot_product += q[i] * Keys::wide(key[i * args.keys.stride_element]);
                score = args.scale * dot_product;
                if (args.soft_cap != 0.0f) score = args.soft_cap * precise::tanh(clamp(score / args.soft_cap, -15.0f, 15.0f));
            }
        }
        float now = max(largest, group_max(score, part, simd, simds, lane));
        // The same in all threads: nothing seen so far.
        if (now == -INFINITY) continue;
        float kept = largest == -INFINITY ? 0.0f : precise::exp(largest - now);
        float weight = place < 0 ? 0.0f : precise::exp(score - now);
        largest = now;
        weights[thread_] = weight;
        places[thread_] = place;
        // Holds a barrier: from here on all weights are there, until the next one of group_max.
        sum = sum * kept + group_sum(weight, part, simd, simds, lane);
        output *= kept;
        uint count = min(ATTENTION_THREADS, end - start);
        if (team < teams)
            for (uint c = team; c < count; c += teams) {
                // A cell that is not seen may hold anything.
                if (places[c] < 0) continue;
                device const typename Values::Stored* value = (device const typename Values::Stored*)(pool + ulong(places[c]) * args.values.page_bytes + args.values.offset)
                    + kv_head * args.values.stride_head + ((start + c) & mask) * args.values.stride_cell;
                float w = weights[c];
                for (uint j = 0; j < 4; j++)
                    if (element + j * ATTENTION_THREADS < width) output[j] += w * Values::wide(value[(element + j * ATTENTION_THREADS) * args.values.stride_element]);
            }
    }

    device float* to = partial + ((ulong(row) * args.query_heads + head) * args.parts + args.first_part + group.z) * (width + 2);
    if (thread_ == 0) { to[0] = largest; to[1] = sum; }
    if (width >= ATTENTION_THREADS) {
        for (uint j = 0; j < 4; j++)
            if (element + j * ATTENTION_THREADS < width) to[2 + element + j * ATTENTION_THREADS] = output[j];
        return;
    }
    sums[thread_] = output[0];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (thread_ < width) {
        float total = 0.0f;
        for (uint t = 0; t < teams; t++) total += sums[t * width + thread_];
        to[2 + thread_] = total;
    }
}

#define ATTENTION(name, keys, values) template [[host_name(name)]] kernel decltype(attention<keys, values>) attention<keys, values>;
ATTENTION("attention_f32_f32", KvF32, KvF32)
ATTENTION("attention_f32_f16", KvF32, KvF16)
ATTENTION("attention_f32_bf16", KvF32, KvBF16)
ATTENTION("attention_f16_f32", KvF16, KvF32)
ATTENTION("attention_f16_f16", KvF16, KvF16)
ATTENTION("attention_f16_bf16", KvF16, KvBF16)
ATTENTION("attention_bf16_f32", KvBF16, KvF32)
ATTENTION("attention_bf16_f16", KvBF16, KvF16)
ATTENTION("attention_bf16_bf16", KvBF16, KvBF16)
