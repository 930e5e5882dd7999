#include "Cache/KvFormats.metal"
#include "Cache/Step.metal"

struct KvShiftArgs { KvPart part; uint sequences, pairs, adjacent; };

// Rotates the cached keys of every sequence by the table's [sequence][pair][cosine, sine]. Threadgroups: any number × sequences; one thread per pair.
template <typename Format> kernel void kv_shift(constant KvShiftArgs& args [[buffer(0)]], device const float* table [[buffer(1)]], device const int* sequences [[buffer(2)]],
    device const int* pages [[buffer(3)]], device uchar* pool [[buffer(4)]], uint2 first [[thread_position_in_grid]], uint2 stride [[threads_per_grid]]) {
    device const int* sequence = sequences + first.y * SEQUENCE_WORDS;
    // Not shifted: not even rounded again.
    if (sequence[POSITION_SHIFT] == 0) return;
    ulong count = ulong(sequence[CACHED_LENGTH]) * args.part.heads * args.pairs;
    for (ulong n = first.x; n < count; n += stride.x) {
        uint pair = uint(n % args.pairs), head = uint(n / args.pairs % args.part.heads), cell = uint(n / args.pairs / args.part.heads);
        int page = local_page(args.part.buffer_index, args.part.pages_per_buffer, pages[uint(sequence[FIRST_PAGE]) + (cell >> args.part.page_shift)]);
        if (page < 0) continue;
        cell &= (1u << args.part.page_shift) - 1u;
        device typename Format::Stored* key = (device typename Format::Stored*)(pool + ulong(page) * args.part.page_bytes + args.part.offset)
            + head * args.part.stride_head + cell * args.part.stride_cell;
        uint a = (args.adjacent != 0 ? 2 * pair : pair) * args.part.stride_element;
        uint b = (args.adjacent != 0 ? 2 * pair + 1 : pair + args.pairs) * args.part.stride_element;
        device const float* turn = table + (ulong(first.y) * args.pairs + pair) * 2;
        float xa = Format::wide(key[a]), xb = Format::wide(key[b]);
        key[a] = Format::narrow(xa * turn[0] - xb * turn[1]);
        key[b] = Format::narrow(xa * turn[1] + xb * turn[0]);
    }
}

template [[host_name("kv_shift_f32")]] kernel decltype(kv_shift<KvF32>) kv_shift<KvF32>;
template [[host_name("kv_shift_f16")]] kernel decltype(kv_shift<KvF16>) kv_shift<KvF16>;
template [[host_name("kv_shift_bf16")]] kernel decltype(kv_shift<KvBF16>) kv_shift<KvBF16>;
