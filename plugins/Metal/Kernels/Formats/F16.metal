#include "Formats/Blocks.metal"

struct F16 {
    static inline ulong row_bytes(uint k) { return ulong(k) * 2; }
    static inline void unit(device const uchar* row, uint unit, uint k, thread float4* w) {
        device const half* x = (device const half*)row;
        for (uint q = 0; q < 4; q++) {
            uint i = unit * UNIT + q * 4;
            if ((k & 3u) == 0) w[q] = i < k ? float4(*(device const half4*)(x + i)) : float4(0.0f);
            else w[q] = float4(i < k ? float(x[i]) : 0.0f, i + 1 < k ? float(x[i + 1]) : 0.0f, i + 2 < k ? float(x[i + 2]) : 0.0f, i + 3 < k ? float(x[i + 3]) : 0.0f);
        }
    }
};
