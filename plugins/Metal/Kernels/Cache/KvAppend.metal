#include "Cache/KvFormats.metal"
#include "Cache/Step.metal"

struct KvAppendArgs { KvPart part; uint rows; };

// x[width, heads, rows] to the cells of the rows: once for the keys and once for the values, for every buffer of the pool. One thread per element.
template <typename Format> kernel void kv_append(constant KvAppendArgs& args [[buffer(0)]], device const float* input [[buffer(1)]], device const int* sequences [[buffer(2)]],
    device const int* row_sequences [[buffer(3)]], device const int* pages [[buffer(4)]], device uchar* pool [[buffer(5)]],
    uint first [[thread_position_in_grid]], uint stride [[threads_per_grid]]) {
    uint row_length = args.part.width * args.part.heads;
    for (ulong n = first; n < ulong(args.rows) * row_length; n += stride) {
        uint row = uint(n / row_length), head = uint(n % row_length) / args.part.width, element = uint(n % row_length) % args.part.width;
        device const int* sequence = sequences + uint(row_sequences[row]) * SEQUENCE_WORDS;
        uint cell = uint(sequence[CACHED_LENGTH]) + row - uint(sequence[FIRST_ROW]);
        int page = local_page(args.part.buffer_index, args.part.pages_per_buffer, pages[uint(sequence[FIRST_PAGE]) + (cell >> args.part.page_shift)]);
        if (page < 0) continue;
        device typename Format::Stored* to = (device typename Format::Stored*)(pool + ulong(page) * args.part.page_bytes + args.part.offset);
        cell &= (1u << args.part.page_shift) - 1u;
        to[head * args.part.stride_head + cell * args.part.stride_cell + element * args.part.stride_element] = Format::narrow(input[n]);
    }
}

template [[host_name("kv_append_f32")]] kernel decltype(kv_append<KvF32>) kv_append<KvF32>;
template [[host_name("kv_append_f16")]] kernel decltype(kv_append<KvF16>) kv_append<KvF16>;
template [[host_name("kv_append_bf16")]] kernel decltype(kv_append<KvBF16>) kv_append<KvBF16>;
