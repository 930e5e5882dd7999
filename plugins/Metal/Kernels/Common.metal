#include <metal_stdlib>
using namespace metal;

// Threads of a simdgroup. The kernels rely on 32, which the plugin checks in every pipeline it makes.
#define LANES 32u

// By bits: holds whatever the compiler assumes about numbers.
static inline bool is_nan(float x) { return (as_type<uint>(x) & 0x7fffffffu) > 0x7f800000u; }

static inline float bf16_to_float(ushort x) { return as_type<float>(uint(x) << 16); }

// To nearest, ties to even; not a number stays that.
static inline ushort float_to_bf16(float x) {
    uint bits = as_type<uint>(x);
    if (is_nan(x)) return ushort((bits >> 16) | 0x40u);
    return ushort((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

// Over all threads of a threadgroup of whole simdgroups; `part` has a place for each of at most 32 simdgroups and may be used again at once.
static inline float group_sum(float x, threadgroup float* part, uint simd, uint simds, uint lane) {
    x = simd_sum(x);
    if (lane == 0) part[simd] = x;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    x = simd_sum(lane < simds ? part[lane] : 0.0f);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    return x;
}

static inline float group_max(float x, threadgroup float* part, uint simd, uint simds, uint lane) {
    x = simd_max(x);
    if (lane == 0) part[simd] = x;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    x = simd_max(lane < simds ? part[lane] : -INFINITY);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    return x;
}
