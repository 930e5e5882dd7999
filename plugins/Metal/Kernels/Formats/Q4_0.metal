#include "Formats/Blocks.metal"

// 32 elements in 18 bytes: scale, nibbles; the first sixteen elements in the low ones. (q - 8)·d.
struct Q4_0 {
    static inline ulong row_bytes(uint k) { return ulong(k / 32) * 18; }
    static inline void unit(device const uchar* row, uint unit, uint, thread float4* w) {
        device const uchar* block = row + ulong(unit / 2) * 18;
        float d = half_at(block);
        for (uint q = 0; q < 4; q++) w[q] = d * (codes(word_at(block + 2 + q * 4) >> ((unit % 2) * 4), 0u) - 8.0f);
    }
};
