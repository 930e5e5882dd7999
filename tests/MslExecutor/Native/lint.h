// The language for the lint: C++ for OpenCL, where address spaces are part of types. Functions are declared, not defined; nothing runs.
#pragma once
#pragma OPENCL EXTENSION cl_khr_fp16 : enable
#define kernel
#define device __global
#define thread __private
#define constant __constant
#define threadgroup __local
#define MSL_LOCAL(ordinal, name, extents, ...) using name##_in_threadgroup = __VA_ARGS__ extents; \
    __local name##_in_threadgroup& name = *(__local name##_in_threadgroup*)64;

typedef unsigned char uchar; typedef unsigned short ushort; typedef unsigned int uint; typedef unsigned long ulong;
#define MSL_VECTORS(T) typedef T T##2 __attribute__((ext_vector_type(2))); typedef T T##3 __attribute__((ext_vector_type(3))); typedef T T##4 __attribute__((ext_vector_type(4)));
MSL_VECTORS(char) MSL_VECTORS(uchar) MSL_VECTORS(short) MSL_VECTORS(ushort) MSL_VECTORS(int) MSL_VECTORS(uint) MSL_VECTORS(long) MSL_VECTORS(ulong)
MSL_VECTORS(float) MSL_VECTORS(half)

namespace metal {
template <class V, class... S> V make(S...);
enum class mem_flags : uint { mem_none = 0, mem_device = 1, mem_threadgroup = 2 };
mem_flags operator|(mem_flags, mem_flags);
void threadgroup_barrier(mem_flags);
void simdgroup_barrier(mem_flags);
#define MSL_NUMBERS(name) float name(float); int name(int); uint name(uint);
MSL_NUMBERS(simd_sum) MSL_NUMBERS(simd_max) MSL_NUMBERS(simd_min)
bool simd_all(bool); bool simd_any(bool);
#define MSL_SHUFFLE(name) template <class T> T name(T, ushort);
MSL_SHUFFLE(simd_shuffle) MSL_SHUFFLE(simd_broadcast) MSL_SHUFFLE(simd_shuffle_xor) MSL_SHUFFLE(simd_shuffle_up) MSL_SHUFFLE(simd_shuffle_down)
template <class T> T simd_broadcast_first(T);
template <class T, class S> T as_type(S);
template <class T> T max(T, T);
template <class T> T min(T, T);
template <class T> T abs(T);
template <class T> T clamp(T, T, T);
template <class T> T select(T, T, bool);
float pow(float, float); float fma(float, float, float); float4 fma(float4, float4, float4); float ldexp(float, int); float mix(float, float, float);
float fmax(float, float); float fmin(float, float); float copysign(float, float);
float dot(float2, float2); float dot(float3, float3); float dot(float4, float4);
uint popcount(uint); uint clz(uint); uint ctz(uint); bool isnan(float); bool isinf(float);
#define MSL_FUNCTION(name) float name(float); half name(half); float2 name(float2); float3 name(float3); float4 name(float4);
#define MSL_EVERY MSL_FUNCTION(exp) MSL_FUNCTION(exp2) MSL_FUNCTION(log) MSL_FUNCTION(log2) MSL_FUNCTION(sin) MSL_FUNCTION(cos) MSL_FUNCTION(tanh) MSL_FUNCTION(sqrt) \
    MSL_FUNCTION(rsqrt) MSL_FUNCTION(fabs) MSL_FUNCTION(floor) MSL_FUNCTION(ceil) MSL_FUNCTION(trunc) MSL_FUNCTION(rint) MSL_FUNCTION(round)
MSL_EVERY
namespace fast { MSL_EVERY }
namespace precise { MSL_EVERY }
}

#define FLT_MAX 0x1.fffffep+127f
#define INFINITY (__builtin_inff())
#define NAN (__builtin_nanf(""))
#define char4(...) ::metal::make<char4>(__VA_ARGS__)
#define uchar4(...) ::metal::make<uchar4>(__VA_ARGS__)
#define short4(...) ::metal::make<short4>(__VA_ARGS__)
#define ushort4(...) ::metal::make<ushort4>(__VA_ARGS__)
#define int4(...) ::metal::make<int4>(__VA_ARGS__)
#define uint2(...) ::metal::make<uint2>(__VA_ARGS__)
#define uint4(...) ::metal::make<uint4>(__VA_ARGS__)
#define float2(...) ::metal::make<float2>(__VA_ARGS__)
#define float4(...) ::metal::make<float4>(__VA_ARGS__)
#define half4(...) ::metal::make<half4>(__VA_ARGS__)
