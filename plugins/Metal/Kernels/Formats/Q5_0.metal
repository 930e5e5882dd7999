#include "Formats/Blocks.metal"

// 32 elements in 22 bytes: scale, fifth bits, nibbles; the first sixteen elements in the low ones. (q - 16)·d.
struct Q5_0 {
    static inline ulong row_bytes(uint k) { return ulong(k / 32) * 22; }
    static inline void unit(device const uchar* row, uint unit, uint, thread float4* w) {
        device const uchar* block = row + ulong(unit / 2) * 22;
        float d = half_at(block);
        uint high = word_at(block + 2) >> ((unit % 2) * 16);
        for (uint q = 0; q < 4; q++) w[q] = d * (codes(word_at(block + 6 + q * 4) >> ((unit % 2) * 4), high >> (q * 4)) - 16.0f);
    }
};
