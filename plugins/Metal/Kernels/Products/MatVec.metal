#include "Formats/F32.metal"

// Rows of weights per simdgroup: each reads the activations once.
#define ROWS 2u

// y[m, n] = W[k, m]·x[k, n] + b[m]. With `used` above 0, of each of n tokens the products with its `used` chosen experts: ids[used, n], W[k, m, experts],
// b[m, experts], x[k, used, n] or, shared, x[k, n]; y[m, used, n]; `columns` is then used·n, else n.
struct ProductArgs { uint k, m, columns, used, is_shared, has_bias; };

// Threadgroups: (m / (ROWS · simdgroups), rounded up) × columns.
template <typename Format> kernel void mat_vec(constant ProductArgs& args [[buffer(0)]], device const uchar* weight [[buffer(1)]], device const float* input [[buffer(2)]],
    device const float* bias [[buffer(3)]], device const int* ids [[buffer(4)]], device float* output [[buffer(5)]],
    uint3 group [[threadgroup_position_in_grid]], uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]],
    uint lane [[thread_index_in_simdgroup]]) {
    uint column = group.y;
    ulong expert = args.used != 0 ? ulong(ids[column]) : 0ul;
    uint first = (group.x * simds + simd) * ROWS;
    device const uchar* x = (device const uchar*)(input + ulong(args.used != 0 && args.is_shared != 0 ? column / args.used : column) * args.k);
    device const uchar* w = weight + expert * args.m * Format::row_bytes(args.k);
    float sums[ROWS];
    for (uint r = 0; r < ROWS; r++) sums[r] = 0.0f;
    for (uint unit = lane; unit < (args.k + UNIT - 1) / UNIT; unit += LANES) {
        float4 a[4];
        F32::unit(x, unit, args.k, a);
        for (uint r = 0; r < ROWS; r++) {
            if (first + r >= args.m) break;
            float4 b[4];
            Format::unit(w + (first + r) * Format::row_bytes(args.k), unit, args.k, b);
            sums[r] += dot(a[0], b[0]) + dot(a[1], b[1]) + dot(a[2], b[2]) + dot(a[3], b[3]);
        }
    }
    for (uint r = 0; r < ROWS; r++) {
        float sum = simd_sum(sums[r]);
        uint row = first + r;
        if (lane == 0 && row < args.m) output[ulong(column) * args.m + row] = args.has_bias != 0 ? sum + bias[expert * args.m + row] : sum;
    }
}
