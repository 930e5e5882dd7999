#include "Formats/Blocks.metal"

struct BF16 {
    static inline ulong row_bytes(uint k) { return ulong(k) * 2; }
    static inline float4 wide(ushort4 x) { return float4(bf16_to_float(x.x), bf16_to_float(x.y), bf16_to_float(x.z), bf16_to_float(x.w)); }
    static inline void unit(device const uchar* row, uint unit, uint k, thread float4* w) {
        device const ushort* x = (device const ushort*)row;
        for (uint q = 0; q < 4; q++) {
            uint i = unit * UNIT + q * 4;
            if ((k & 3u) == 0) w[q] = i < k ? wide(*(device const ushort4*)(x + i)) : float4(0.0f);
            else w[q] = wide(ushort4(i < k ? x[i] : ushort(0), i + 1 < k ? x[i + 1] : ushort(0), i + 2 < k ? x[i + 2] : ushort(0), i + 3 < k ? x[i + 3] : ushort(0)));
        }
    }
};
