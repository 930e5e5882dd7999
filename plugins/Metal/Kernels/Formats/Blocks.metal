#include "Common.metal"

// A format says how many bytes a row of k elements takes and decodes a unit: sixteen elements of a row from 16·unit on, zeros beyond the end. Rows are
// those of a GGUF file, read where they lie. Blocks stand at even addresses: two bytes at a time is the widest read that is aligned in all of them.
#define UNIT 16u

static inline float half_at(device const uchar* p) { return float(*(device const half*)p); }

static inline uint word_at(device const uchar* p) {
    device const ushort* h = (device const ushort*)p;
    return uint(h[0]) | (uint(h[1]) << 16);
}

// The low four bits of each byte of a word, with bit n of `high` above those of byte n.
static inline float4 codes(uint low, uint high) {
    return float4(float((low & 15u) | ((high & 1u) << 4)), float(((low >> 8) & 15u) | ((high & 2u) << 3)),
        float(((low >> 16) & 15u) | ((high & 4u) << 2)), float(((low >> 24) & 15u) | ((high & 8u) << 1)));
}

// Scale and minimum of group j of Q4_K and Q5_K: six bits each, packed in twelve bytes.
static inline uint2 six_bits(device const uchar* packed, uint j) {
    if (j < 4) return uint2(packed[j] & 63u, packed[j + 4] & 63u);
    return uint2((packed[j + 4] & 15u) | ((uint(packed[j - 4]) >> 6) << 4), (uint(packed[j + 4]) >> 4) | ((uint(packed[j]) >> 6) << 4));
}
