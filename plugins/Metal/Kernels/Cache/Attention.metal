#include "Cache/KvFormats.metal"
#include "Cache/Step.metal"

// Widest key and value of a head: 576 and 512; where HEADS is 4, keys are up to 256 wide.
#define ATTENTION_THREADS 128u

struct AttentionArgs {
    KvPart keys, values;
    uint query_heads, rows, causal, window;
    float scale, soft_cap;
    uint chunk;                 // cells that a threadgroup takes
    uint first_part, parts;     // numbers of the parts that this dispatch writes, and of all
};

// Of each of HEADS numbers over all threads; `part` has 32 places for each.
template <uint HEADS> static inline void group_max_each(thread float* x, threadgroup float* part, uint simd, uint simds, uint lane) {
    for (uint h = 0; h < HEADS; h++) x[h] = simd_max(x[h]);
    if (lane == 0)
        for (uint h = 0; h < HEADS; h++) part[h * 32u + simd] = x[h];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint h = 0; h < HEADS; h++) x[h] = simd_max(lane < simds ? part[h * 32u + lane] : -INFINITY);
    threadgroup_barrier(mem_flags::mem_threadgroup);
}

template <uint HEADS> static inline void group_sum_each(thread float* x, threadgroup float* part, uint simd, uint simds, uint lane) {
    for (uint h = 0; h < HEADS; h++) x[h] = simd_sum(x[h]);
    if (lane == 0)
        for (uint h = 0; h < HEADS; h++) part[h * 32u + simd] = x[h];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint h = 0; h < HEADS; h++) x[h] = simd_sum(lane < simds ? part[h * 32u + lane] : 0.0f);
    threadgroup_barrier(mem_flags::mem_threadgroup);
}

// One part of the attention of a row for up to HEADS query heads that share a head of the cache, so that its keys and values are read once for all of them: the cells
// [split·chunk, (split + 1)·chunk) as far as they lie in this buffer of the pool. Writes the largest score, the sum of the weights e^(score - largest) and the values weighted
// so: [row][head][part][2 + value width]; the parts are put together by attention_merge.
// 128 threads; threadgroups: (heads of the cache × (query heads of each / HEADS, rounded up)) × rows × splits.
template <typename Keys, typename Values, uint HEADS> [[max_total_threads_per_threadgroup(128)]] kernel void attention(constant AttentionArgs& args [[buffer(0)]],
    device const float* query [[buffer(1)]], device const int* positions [[buffer(2)]], device const int* sequences [[buffer(3)]],
    device const int* row_sequences [[buffer(4)]], device const int* pages [[buffer(5)]], device const uchar* pool [[buffer(6)]], device float* partial [[buffer(7)]],
    uint3 group [[threadgroup_position_in_grid]], uint thread_ [[thread_index_in_threadgroup]], uint simd [[simdgroup_index_in_threadgroup]],
    uint simds [[simdgroups_per_threadgroup]], uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float q[1024];
    threadgroup float part[128];
    threadgroup float weights[512];
    threadgroup int places[128];    // page in this buffer of a cell, or -1
    threadgroup float sums[128];
    uint sharing = args.query_heads / args.keys.heads, turns = (sharing + HEADS - 1) / HEADS;
    uint kv_head = group.x / turns, turn = group.x % turns, row = group.y;
    // The last turn may have fewer heads. Those it lacks are computed from zeros and written nowhere.
    uint head = kv_head * sharing + turn * HEADS, heads = min(HEADS, sharing - turn * HEADS);
    device const int* sequence = sequences + uint(row_sequences[row]) * SEQUENCE_WORDS;
    device const int* list = pages + uint(sequence[FIRST_PAGE]);
    int position = positions[row];
    uint cells = uint(sequence[CACHED_LENGTH] + sequence[ROW_COUNT]);
    uint begin = group.z * args.chunk, end = min(cells, begin + args.chunk);
    uint mask = (1u << args.keys.page_shift) - 1u;
    uint key_width = args.keys.width;
    for (uint i = thread_; i < HEADS * key_width; i += ATTENTION_THREADS)
        q[i] = i < heads * key_width ? query[(ulong(row) * args.query_heads + head) * key_width + i] : 0.0f;
    threadgroup_barrier(mem_flags::mem_threadgroup);

    // Narrow values: several teams of threads share the cells. Wide ones: every thread has up to four elements.
    uint width = args.values.width;
    uint teams = max(1u, ATTENTION_THREADS / width);
    uint team = width < ATTENTION_THREADS ? thread_ / width : 0u, element = width < ATTENTION_THREADS ? thread_ % width : thread_;
    float largest[HEADS], sum[HEADS];
    float4 output[HEADS];
    for (uint h = 0; h < HEADS; h++) { largest[h] = -INFINITY; sum[h] = 0.0f; output[h] = float4(0.0f); }
    for (uint start = begin; start < end; start += ATTENTION_THREADS) {
        uint cell = start + thread_;
        float score[HEADS], now[HEADS];
        for (uint h = 0; h < HEADS; h++) score[h] = -INFINITY;
        int place = -1;
        if (cell < end) {
            int at = sequence[FIRST_POSITION] + int(cell);
            bool seen = (args.causal == 0 || at <= position) && (args.window == 0 || at > position - int(args.window));
            if (seen) place = local_page(args.keys.buffer_index, args.keys.pages_per_buffer, list[cell >> args.keys.page_shift]);
            if (place >= 0) {
                device const typename Keys::Stored* key = (device const typename Keys::Stored*)(pool + ulong(place) * args.keys.page_bytes + args.keys.offset)
                    + kv_head * args.keys.stride_head + (cell & mask) * args.keys.stride_cell;
                float products[HEADS];
                for (uint h = 0; h < HEADS; h++) products[h] = 0.0f;
                for (uint i = 0; i < key_width; i++) {
                    float k = Keys::wide(key[i * args.keys.stride_element]);
                    for (uint h = 0; h < HEADS; h++) products[h] += q[h * key_width + i] * k;
                }
                for (uint h = 0; h < HEADS; h++) {
                    score[h] = args.scale * products[h];
                    if (args.soft_cap != 0.0f) score[h] = args.soft_cap * precise::tanh(clamp(score[h] / args.soft_cap, -15.0f, 15.0f));
                }
            }
        }
        for (uint h = 0; h < HEADS; h++) now[h] = score[h];
        group_max_each<HEADS>(now, part, simd, simds, lane);
        bool nothing = true;
        for (uint h = 0; h < HEADS; h++) { now[h] = max(largest[h], now[h]); nothing = nothing && now[h] == -INFINITY; }
        // The same in all threads: nothing seen so far.
        if (nothing) continue;
        float weight[HEADS];
        for (uint h = 0; h < HEADS; h++) {
            float kept = largest[h] == -INFINITY ? 0.0f : precise::exp(largest[h] - now[h]);
            weight[h] = place < 0 || now[h] == -INFINITY ? 0.0f : precise::exp(score[h] - now[h]);
            largest[h] = now[h];
            weights[h * ATTENTION_THREADS + thread_] = weight[h];
            sum[h] *= kept;
            output[h] *= kept;
        }
        places[thread_] = place;
        // Holds a barrier: from here on all weights are there, until the next one of group_max_each.
        group_sum_each<HEADS>(weight, part, simd, simds, lane);
        for (uint h = 0; h < HEADS; h++) sum[h] += weight[h];
        uint count = min(ATTENTION_THREADS, end - start);
        if (team < teams)
            for (uint c = team; c < count; c += teams) {
                // A cell that is not seen may hold anything.
                if (places[c] < 0) continue;
                device const typename Values::Stored* value = (device const typename Values::Stored*)(pool + ulong(places[c]) * args.values.page_bytes + args.values.offset)
                    + kv_head * args.values.stride_head + ((start + c) & mask) * args.values.stride_cell;
                for (uint j = 0; j < 4; j++) {
                    if (element + j * ATTENTION_THREADS >= width) break;
                    float v = Values::wide(value[(element + j * ATTENTION_THREADS) * args.values.stride_element]);
                    for (uint h = 0; h < HEADS; h++) output[h][j] += weights[h * ATTENTION_THREADS + c] * v;
                }
            }
    }

    for (uint h = 0; h < HEADS; h++) {
        device float* to = partial + ((ulong(row) * args.query_heads + head + h) * args.parts + args.first_part + group.z) * (width + 2);
        bool wanted = h < heads;
        if (wanted && thread_ == 0) { to[0] = largest[h]; to[1] = sum[h]; }
        if (width >= ATTENTION_THREADS) {
            for (uint j = 0; j < 4; j++)
                if (wanted && element + j * ATTENTION_THREADS < width) to[2 + element + j * ATTENTION_THREADS] = output[h][j];
            continue;
        }
        sums[thread_] = output[h][0];
        threadgroup_barrier(mem_flags::mem_threadgroup);
        if (wanted && thread_ < width) {
            float total = 0.0f;
            for (uint t = 0; t < teams; t++) total += sums[t * width + thread_];
            to[2 + thread_] = total;
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
}

#define ATTENTION(name, keys, values, heads) template [[host_name(name)]] kernel decltype(attention<keys, values, heads>) attention<keys, values, heads>;
ATTENTION("attention_f32_f32", KvF32, KvF32, 1)
ATTENTION("attention_f32_f16", KvF32, KvF16, 1)
ATTENTION("attention_f32_bf16", KvF32, KvBF16, 1)
ATTENTION("attention_f16_f32", KvF16, KvF32, 1)
ATTENTION("attention_f16_f16", KvF16, KvF16, 1)
ATTENTION("attention_f16_bf16", KvF16, KvBF16, 1)
ATTENTION("attention_bf16_f32", KvBF16, KvF32, 1)
ATTENTION("attention_bf16_f16", KvBF16, KvF16, 1)
ATTENTION("attention_bf16_bf16", KvBF16, KvBF16, 1)
ATTENTION("attention_group_f32_f32", KvF32, KvF32, 4)
ATTENTION("attention_group_f32_f16", KvF32, KvF16, 4)
ATTENTION("attention_group_f32_bf16", KvF32, KvBF16, 4)
ATTENTION("attention_group_f16_f32", KvF16, KvF32, 4)
ATTENTION("attention_group_f16_f16", KvF16, KvF16, 4)
ATTENTION("attention_group_f16_bf16", KvF16, KvBF16, 4)
ATTENTION("attention_group_bf16_f32", KvBF16, KvF32, 4)
ATTENTION("attention_group_bf16_f16", KvBF16, KvF16, 4)
ATTENTION("attention_group_bf16_bf16", KvBF16, KvBF16, 4)
