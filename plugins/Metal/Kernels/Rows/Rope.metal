#include "Common.metal"

// `head` elements a head, of which `pairs` pairs are rotated: neighbours, or one from each half.
struct RopeArgs { uint head, heads, rows, pairs, adjacent; };

// The table holds a cosine and a sine for every row and pair, magnitude included. One thread per pair, and per element that passes through.
kernel void rope(constant RopeArgs& args [[buffer(0)]], device const float* input [[buffer(1)]], device const float* table [[buffer(2)]], device float* output [[buffer(3)]],
    uint first [[thread_position_in_grid]], uint stride [[threads_per_grid]]) {
    uint items = args.head - args.pairs;
    ulong count = ulong(args.rows) * args.heads * items;
    for (ulong n = first; n < count; n += stride) {
        uint i = uint(n % items);
        ulong vector = n / items;
        device const float* x = input + vector * args.head;
        device float* y = output + vector * args.head;
        if (i >= args.pairs) {
            y[i + args.pairs] = x[i + args.pairs];
            continue;
        }
        uint a = args.adjacent != 0 ? 2 * i : i;
        uint b = args.adjacent != 0 ? 2 * i + 1 : i + args.pairs;
        device const float* turn = table + (vector / args.heads * args.pairs + i) * 2;
        float xa = x[a], xb = x[b];
        y[a] = xa * turn[0] - xb * turn[1];
        y[b] = xa * turn[1] + xb * turn[0];
    }
}
