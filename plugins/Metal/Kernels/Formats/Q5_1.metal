#include "Formats/Blocks.metal"

// 32 elements in 24 bytes: scale, minimum, fifth bits, nibbles; the first sixteen elements in the low ones. q·d + m.
struct Q5_1 {
    static inline ulong row_bytes(uint k) { return ulong(k / 32) * 24; }
    static inline void unit(device const uchar* row, uint unit, uint, thread float4* w) {
        device const uchar* block = row + ulong(unit / 2) * 24;
        float d = half_at(block), m = half_at(block + 2);
        uint high = word_at(block + 4) >> ((unit % 2) * 16);
        for (uint q = 0; q < 4; q++) w[q] = d * codes(word_at(block + 8 + q * 4) >> ((unit % 2) * 4), high >> (q * 4)) + m;
    }
};
