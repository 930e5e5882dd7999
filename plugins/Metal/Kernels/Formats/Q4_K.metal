#include "Formats/Blocks.metal"

// 256 elements in 144 bytes: two scales, eight groups with a scale and a minimum of six bits, nibbles; of a pair of groups the even one in the low ones.
struct Q4_K {
    static inline ulong row_bytes(uint k) { return ulong(k / 256) * 144; }
    static inline void unit(device const uchar* row, uint unit, uint, thread float4* w) {
        device const uchar* block = row + ulong(unit / 16) * 144;
        uint group = unit % 16 / 2;
        uint2 s = six_bits(block + 4, group);
        float d = half_at(block) * float(s.x), m = half_at(block + 2) * float(s.y);
        device const uchar* quants = block + 16 + group / 2 * 32 + (unit % 2) * 16;
        for (uint q = 0; q < 4; q++) w[q] = d * codes(word_at(quants + q * 4) >> ((group % 2) * 4), 0u) - m;
    }
};
