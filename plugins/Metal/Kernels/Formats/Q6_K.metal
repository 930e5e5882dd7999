#include "Formats/Blocks.metal"

// 256 elements in 210 bytes: low nibbles, high pairs of bits, scales of sixteen elements each, scale. (q - 32)·(d·s).
struct Q6_K {
    static inline ulong row_bytes(uint k) { return ulong(k / 256) * 210; }
    static inline void unit(device const uchar* row, uint unit, uint, thread float4* w) {
        device const uchar* block = row + ulong(unit / 16) * 210;
        uint at = unit % 16, part = at / 8, quarter = at % 8 / 2, i = (at % 2) * 16;
        float d = half_at(block + 208) * float(as_type<char>(block[192 + at]));
        device const uchar* low = block + part * 64 + (quarter % 2) * 32 + i;
        device const uchar* high = block + 128 + part * 32 + i;
        for (uint q = 0; q < 4; q++) {
            uint code = ((word_at(low + q * 4) >> (quarter / 2 * 4)) & 0x0f0f0f0fu) | (((word_at(high + q * 4) >> (quarter * 2)) & 0x03030303u) << 4);
            w[q] = d * (float4(as_type<uchar4>(code)) - 32.0f);
        }
    }
};
