#include "Formats/Blocks.metal"

// As Q4_K, with a fifth bit: bit j of byte i belongs to element i of group j.
struct Q5_K {
    static inline ulong row_bytes(uint k) { return ulong(k / 256) * 176; }
    static inline void unit(device const uchar* row, uint unit, uint, thread float4* w) {
        device const uchar* block = row + ulong(unit / 16) * 176;
        uint group = unit % 16 / 2;
        uint2 s = six_bits(block + 4, group);
        float d = half_at(block) * float(s.x), m = half_at(block + 2) * float(s.y);
        device const uchar* high = block + 16 + (unit % 2) * 16;
        device const uchar* quants = block + 48 + group / 2 * 32 + (unit % 2) * 16;
        for (uint q = 0; q < 4; q++) {
            uint h = word_at(high + q * 4) >> group;
            w[q] = d * codes(word_at(quants + q * 4) >> ((group % 2) * 4), (h & 1u) | ((h >> 7) & 2u) | ((h >> 14) & 4u) | ((h >> 21) & 8u)) - m;
        }
    }
};
