#include "Formats/Blocks.metal"

// 32 elements in 20 bytes: scale, minimum, nibbles; the first sixteen elements in the low ones. q·d + m.
struct Q4_1 {
    static inline ulong row_bytes(uint k) { return ulong(k / 32) * 20; }
    static inline void unit(device const uchar* row, uint unit, uint, thread float4* w) {
        device const uchar* block = row + ulong(unit / 2) * 20;
        float d = half_at(block), m = half_at(block + 2);
        for (uint q = 0; q < 4; q++) w[q] = d * codes(word_at(block + 4 + q * 4) >> ((unit % 2) * 4), 0u) + m;
    }
};
