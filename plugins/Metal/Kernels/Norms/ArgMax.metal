#include "Common.metal"

struct ArgMaxArgs { uint width, rows; };

// Whether b is the better one: larger, or equal and before; what is not a number is below every number.
static inline bool better(float a, uint at_a, float b, uint at_b) {
    if (is_nan(a) || is_nan(b)) return is_nan(a) && (!is_nan(b) || at_b < at_a);
    return b > a || (b == a && at_b < at_a);
}

static inline void best_lane(thread float& best, thread uint& at) {
    for (ushort apart = 16; apart > 0; apart /= 2) {
        float other = simd_shuffle_xor(best, apart);
        uint other_at = simd_shuffle_xor(at, apart);
        if (better(best, at, other, other_at)) { best = other; at = other_at; }
    }
}

// One threadgroup of whole simdgroups per row.
kernel void arg_max(constant ArgMaxArgs& args [[buffer(0)]], device const float* input [[buffer(1)]], device int* ids [[buffer(2)]], device float* values [[buffer(3)]],
    uint group [[threadgroup_position_in_grid]], uint groups [[threadgroups_per_grid]], uint thread_ [[thread_position_in_threadgroup]],
    uint threads [[threads_per_threadgroup]], uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]],
    uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float parts[LANES];
    threadgroup uint places[LANES];
    for (uint row = group; row < args.rows; row += groups) {
        device const float* x = input + ulong(row) * args.width;
        // Nothing: worse than every element.
        float best = NAN;
        uint at = 0xffffffffu;
        for (uint i = thread_; i < args.width; i += threads)
            if (better(best, at, x[i], i)) { best = x[i]; at = i; }
        best_lane(best, at);
        if (lane == 0) { parts[simd] = best; places[simd] = at; }
        threadgroup_barrier(mem_flags::mem_threadgroup);
        best = lane < simds ? parts[lane] : NAN;
        at = lane < simds ? places[lane] : 0xffffffffu;
        best_lane(best, at);
        threadgroup_barrier(mem_flags::mem_threadgroup);
        if (thread_ == 0) { ids[row] = int(at); values[row] = best; }
    }
}
