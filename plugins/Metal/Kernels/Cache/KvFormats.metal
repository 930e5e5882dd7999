#include "Common.metal"

// Element types of a cache.
struct KvF32 { typedef float Stored; static inline float wide(float x) { return x; } static inline float narrow(float x) { return x; } };
struct KvF16 { typedef half Stored; static inline float wide(half x) { return float(x); } static inline half narrow(float x) { return half(x); } };
struct KvBF16 { typedef ushort Stored; static inline float wide(ushort x) { return bf16_to_float(x); } static inline ushort narrow(float x) { return float_to_bf16(x); } };

// Where the keys or the values of a layer lie in the pages of one buffer of a pool: page p lies in this buffer if p / pages_per_buffer is buffer_index. An element
// of a head at a cell of the page is head·stride_head + cell·stride_cell + element·stride_element elements behind the start of the part.
struct KvPart { ulong page_bytes, offset; uint buffer_index, pages_per_buffer, page_shift, heads, width, stride_head, stride_cell, stride_element; };

// Number of a page in this buffer, or -1 if it lies in another.
static inline int local_page(uint buffer_index, uint pages_per_buffer, int page) {
    int here = page - int(buffer_index * pages_per_buffer);
    return here < 0 || here >= int(pages_per_buffer) ? -1 : here;
}
