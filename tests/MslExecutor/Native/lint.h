// The language for the lint: C++ for OpenCL, where address spaces are part of types. Functions are declared, not defined; nothing runs.
#pragma once
#pragma OPENCL EXTENSION cl_khr_fp16 : enable
#define kernel
#define device __global
#define thread __private
#define constant __constant
#define threadgroup __local
#define MSL_LOCAL(ordinal, name, extents, ...) using name##_in_threadgroup = __VA_ARGS__ extents; \
    __local name##_in_threadgroup& name = *(__local name##_in_threadgroup*)0;
#define INFINITY (__builtin_inff())
#define NAN (__builtin_nanf(""))
#define float2(...) ((float2)(__VA_ARGS__))
#define float4(...) ::metal::wide<float4>(__VA_ARGS__)
#define half4(...) ::metal::wide<half4>(__VA_ARGS__)
#define int4(...) ::metal::wide<int4>(__VA_ARGS__)
#define uint4(...) ::metal::wide<uint4>(__VA_ARGS__)
#define char4(...) ::metal::wide<char4>(__VA_ARGS__)
#define uchar4(...) ::metal::wide<uchar4>(__VA_ARGS__)
#define short4(...) ::metal::wide<short4>(__VA_ARGS__)
namespace metal {
template <class V, class... S> V wide(S...);
enum class mem_flags : uint { mem_none = 0, mem_device = 1, mem_threadgroup = 2 };
mem_flags operator|(mem_flags, mem_flags);
void threadgroup_barrier(mem_flags);
void simdgroup_barrier(mem_flags);
float simd_sum(float); int simd_sum(int); uint simd_sum(uint);
float simd_max(float); int simd_max(int); uint simd_max(uint);
float simd_min(float); int simd_min(int); uint simd_min(uint);
bool simd_all(bool); bool simd_any(bool);
template <class T> T simd_shuffle(T, ushort);
template <class T> T simd_broadcast(T, ushort);
template <class T> T simd_broadcast_first(T);
template <class T> T simd_shuffle_xor(T, ushort);
template <class T> T simd_shuffle_down(T, ushort);
template <class T> T simd_shuffle_up(T, ushort);
namespace fast { using ::exp; }
namespace precise { using ::exp; using ::tanh; using ::sqrt; }
}
