#include "Formats/Blocks.metal"

// `rows` rows of `width` elements, chosen by `ids`, which lie within the table.
struct GetRowsArgs { uint width, rows; };

// A threadgroup takes rows, its threads units.
template <typename Format> kernel void get_rows(constant GetRowsArgs& args [[buffer(0)]], device const uchar* table [[buffer(1)]], device const int* ids [[buffer(2)]],
    device float* output [[buffer(3)]], uint group [[threadgroup_position_in_grid]], uint groups [[threadgroups_per_grid]],
    uint thread_ [[thread_position_in_threadgroup]], uint threads [[threads_per_threadgroup]]) {
    for (uint row = group; row < args.rows; row += groups) {
        device const uchar* from = table + ulong(ids[row]) * Format::row_bytes(args.width);
        device float* to = output + ulong(row) * args.width;
        for (uint unit = thread_; unit * UNIT < args.width; unit += threads) {
            float4 w[4];
            Format::unit(from, unit, args.width, w);
            for (uint q = 0; q < 4; q++)
                for (uint i = 0; i < 4 && unit * UNIT + q * 4 + i < args.width; i++) to[unit * UNIT + q * 4 + i] = w[q][i];
        }
    }
}
