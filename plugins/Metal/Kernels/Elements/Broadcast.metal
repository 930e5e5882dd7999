#include "Common.metal"

// Extents of the result, and by how many rows the right operand moves when an extent's index does: 0 where it is repeated.
struct BroadcastArgs { uint width, extent1, extent2, extent3, stride1, stride2, stride3; };

static inline ulong right_row(constant BroadcastArgs& args, ulong row) {
    uint i1 = uint(row % args.extent1);
    uint i2 = uint(row / args.extent1 % args.extent2);
    uint i3 = uint(row / args.extent1 / args.extent2);
    return ulong(i1) * args.stride1 + ulong(i2) * args.stride2 + ulong(i3) * args.stride3;
}
