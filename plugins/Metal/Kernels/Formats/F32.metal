#include "Formats/Blocks.metal"

struct F32 {
    static inline ulong row_bytes(uint k) { return ulong(k) * 4; }
    static inline void unit(device const uchar* row, uint unit, uint k, thread float4* w) {
        device const float* x = (device const float*)row;
        for (uint q = 0; q < 4; q++) {
            uint i = unit * UNIT + q * 4;
            // Rows of a multiple of four elements keep the alignment of the tensor.
            if ((k & 3u) == 0) w[q] = i < k ? *(device const float4*)(x + i) : float4(0.0f);
            else w[q] = float4(i < k ? x[i] : 0.0f, i + 1 < k ? x[i + 1] : 0.0f, i + 2 < k ? x[i + 2] : 0.0f, i + 3 < k ? x[i + 3] : 0.0f);
        }
    }
};
