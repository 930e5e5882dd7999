#include "Products/MatVec.metal"

// A tile of the result: rows of weights × columns of activations, DEPTH elements of both at a time in threadgroup memory. Rows there are longer than DEPTH, so that
// threads of neighbouring rows fall on different banks.
#define TILE_ROWS 32u
#define TILE_COLUMNS 32u
#define DEPTH 64u
#define TILE_STRIDE 17u
#define TILE_THREADS 128u

// y[m, n] = W[k, m]·x[k, n] + b[m], for many columns. TILE_THREADS threads; threadgroups: (m / TILE_ROWS, rounded up) × (columns / TILE_COLUMNS, rounded up).
// Every thread makes two rows of four columns.
template <typename Format> [[max_total_threads_per_threadgroup(128)]] kernel void mat_mat(constant ProductArgs& args [[buffer(0)]],
    device const uchar* weight [[buffer(1)]], device const float* input [[buffer(2)]], device const float* bias [[buffer(3)]], device float* output [[buffer(5)]],
    uint3 group [[threadgroup_position_in_grid]], uint thread_ [[thread_index_in_threadgroup]]) {
    threadgroup float4 weights[32][17];
    threadgroup float4 activations[32][17];
    uint first_row = group.x * TILE_ROWS, first_column = group.y * TILE_COLUMNS;
    // What this thread loads: one unit of one row of each.
    uint load_row = thread_ / 4, load_unit = thread_ % 4;
    // What it computes.
    uint row = thread_ / 8 * 2, column = thread_ % 8;
    float sums[2][4];
    for (uint r = 0; r < 2; r++)
        for (uint c = 0; c < 4; c++) sums[r][c] = 0.0f;
    for (uint start = 0; start < args.k; start += DEPTH) {
        uint unit = start / UNIT + load_unit;
        bool inside = unit * UNIT < args.k;
        float4 w[4], x[4];
        for (uint q = 0; q < 4; q++) { w[q] = float4(0.0f); x[q] = float4(0.0f); }
        if (inside && first_row + load_row < args.m) Format::unit(weight + (first_row + load_row) * Format::row_bytes(args.k), unit, args.k, w);
        if (inside && first_column + load_row < args.columns)
            F32::unit((device const uchar*)(input + ulong(first_column + load_row) * args.k), unit, args.k, x);
        for (uint q = 0; q < 4; q++) {
            weights[load_row][load_unit * 4 + q] = w[q];
            activations[load_row][load_unit * 4 + q] = x[q];
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint i = 0; i < DEPTH / 4; i++) {
            float4 w0 = weights[row][i], w1 = weights[row + 1][i];
            for (uint c = 0; c < 4; c++) {
                float4 a = activations[column + c * 8][i];
                sums[0][c] += dot(w0, a);
                sums[1][c] += dot(w1, a);
            }
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    for (uint r = 0; r < 2; r++)
        for (uint c = 0; c < 4; c++) {
            uint to_row = first_row + row + r, to_column = first_column + column + c * 8;
            if (to_row < args.m && to_column < args.columns)
                output[ulong(to_column) * args.m + to_row] = args.has_bias != 0 ? sums[r][c] + bias[to_row] : sums[r][c];
        }
}
