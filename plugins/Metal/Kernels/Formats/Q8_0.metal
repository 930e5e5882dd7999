#include "Formats/Blocks.metal"

// 32 elements in 34 bytes: scale, signed bytes.
struct Q8_0 {
    static inline ulong row_bytes(uint k) { return ulong(k / 32) * 34; }
    static inline void unit(device const uchar* row, uint unit, uint, thread float4* w) {
        device const uchar* block = row + ulong(unit / 2) * 34;
        float d = half_at(block);
        for (uint q = 0; q < 4; q++) w[q] = d * float4(as_type<char4>(word_at(block + 2 + (unit % 2) * 16 + q * 4)));
    }
};
