// The language as far as the subset goes: address spaces are erased (the lint keeps them), vectors are clang's, and the library is written out.
#pragma once

#define kernel
#define device
#define thread
#define constant const
#define threadgroup
#define MSL_LOCAL(ordinal, name, extents, ...) \
    using name##_in_threadgroup = __VA_ARGS__ extents; \
    name##_in_threadgroup& name = *(name##_in_threadgroup*)::msl::local<name##_in_threadgroup, __COUNTER__, ordinal>();

typedef unsigned char uchar; typedef unsigned short ushort; typedef unsigned int uint; typedef unsigned long ulong;
typedef _Float16 half;
#define MSL_VECTORS(T) typedef T T##2 __attribute__((ext_vector_type(2))); typedef T T##3 __attribute__((ext_vector_type(3))); typedef T T##4 __attribute__((ext_vector_type(4)));
MSL_VECTORS(char) MSL_VECTORS(uchar) MSL_VECTORS(short) MSL_VECTORS(ushort) MSL_VECTORS(int) MSL_VECTORS(uint) MSL_VECTORS(long) MSL_VECTORS(ulong)
MSL_VECTORS(float) MSL_VECTORS(half) MSL_VECTORS(bool)

namespace msl {
// Every array in threadgroup memory is known when the library is loaded, by the kernel it is declared in; of the instances of a template the largest.
struct Known { Known(int n, int ordinal, u64 bytes) { if (bytes > locals[n].bytes) locals[n] = KnownLocal{ordinal, bytes}; } };
template <class T, int N, int K> struct Declared { static const Known known; };
template <class T, int N, int K> const Known Declared<T, N, K>::known(N, K, sizeof(T));
template <class T, int N, int K> static inline void* local() {
    static_assert(N < MaxKnownLocals, "too many arrays in threadgroup memory in one source");
    return local_memory(&Declared<T, N, K>::known, sizeof(T));
}

// ---- constructors of vectors: float4(v3, x), float4(x), float4(int4) -------------------------------------------------------------------------------
template <class V> struct Shape { typedef V Element; enum { Width = 1 }; };
template <class E> struct Shape<E __attribute__((ext_vector_type(2)))> { typedef E Element; enum { Width = 2 }; };
template <class E> struct Shape<E __attribute__((ext_vector_type(3)))> { typedef E Element; enum { Width = 3 }; };
template <class E> struct Shape<E __attribute__((ext_vector_type(4)))> { typedef E Element; enum { Width = 4 }; };
template <class V, class S, bool Vector> struct Part { static inline void put(V& v, int& at, S s) { v[at++] = (typename Shape<V>::Element)s; } };
template <class V, class S> struct Part<V, S, true> {
    static inline void put(V& v, int& at, S s) { for (int i = 0; i < Shape<S>::Width; i++) v[at++] = (typename Shape<V>::Element)s[i]; }
};
template <class V, class S> static inline V make(S s) {
    V v; int at = 0;
    if constexpr (Shape<S>::Width == 1) for (int i = 0; i < Shape<V>::Width; i++) v[i] = (typename Shape<V>::Element)s;
    else { static_assert((int)Shape<S>::Width == (int)Shape<V>::Width, "a vector is made of as many elements as it has"); Part<V, S, true>::put(v, at, s); }
    return v;
}
template <class V, class A, class B, class... S> static inline V make(A a, B b, S... s) {
    static_assert(((int)Shape<A>::Width + (int)Shape<B>::Width + ((int)Shape<S>::Width + ... + 0)) == (int)Shape<V>::Width, "a vector is made of as many elements as it has");
    V v; int at = 0;
    Part<V, A, (Shape<A>::Width > 1)>::put(v, at, a);
    Part<V, B, (Shape<B>::Width > 1)>::put(v, at, b);
    (Part<V, S, (Shape<S>::Width > 1)>::put(v, at, s), ...);
    return v;
}

template <class T> struct IsFloat { enum { value = 0 }; };
template <> struct IsFloat<float> { enum { value = 1 }; };
template <> struct IsFloat<half> { enum { value = 1 }; };
template <class T> struct IsSigned { enum { value = (T)-1 < (T)0 }; };
}

namespace metal {

enum class mem_flags : uint { mem_none = 0, mem_device = 1, mem_threadgroup = 2 };
static inline mem_flags operator|(mem_flags a, mem_flags b) { return (mem_flags)((uint)a | (uint)b); }

// ---- synchronisation: always inlined, so that the place of the call tells calls apart ---------------------------------------------------------
#define MSL_POINT static inline __attribute__((always_inline, convergent))
MSL_POINT void threadgroup_barrier(mem_flags flags, int line = __builtin_LINE()) { msl::barrier((uint)flags, line); }

template <class T> static __attribute__((noinline, convergent, nomerge, no_sanitize("kernel-address"))) T msl_post(uint op, T value, uint source, int line) {
    static_assert(sizeof(T) <= 16, "a lane hands over at most sixteen bytes");
    msl::Fiber& f = msl::self();
    __builtin_memcpy(f.post, &value, sizeof(T));
    f.source = source;
    msl::simd(op, line, __builtin_return_address(0));
    T result;
    __builtin_memcpy(&result, msl::self().result, sizeof(T));
    return result;
}
MSL_POINT void simdgroup_barrier(mem_flags, int line = __builtin_LINE()) { msl_post<uint>(msl::Sync, 0, 0, line); }

#define MSL_REDUCE(name, T, op) MSL_POINT T name(T x, int line = __builtin_LINE()) { return msl_post<T>(msl::op, x, 0, line); }
MSL_REDUCE(simd_sum, float, SumF) MSL_REDUCE(simd_sum, int, SumI) MSL_REDUCE(simd_sum, uint, SumI)
MSL_REDUCE(simd_max, float, MaxF) MSL_REDUCE(simd_max, int, MaxI) MSL_REDUCE(simd_max, uint, MaxU)
MSL_REDUCE(simd_min, float, MinF) MSL_REDUCE(simd_min, int, MinI) MSL_REDUCE(simd_min, uint, MinU)
MSL_POINT bool simd_all(bool x, int line = __builtin_LINE()) { return msl_post<uint>(msl::AndU, x, 0, line); }
MSL_POINT bool simd_any(bool x, int line = __builtin_LINE()) { return msl_post<uint>(msl::OrU, x, 0, line); }
template <class T> MSL_POINT T simd_shuffle(T x, ushort lane, int line = __builtin_LINE()) { return msl_post<T>(msl::Shuffle, x, lane, line); }
template <class T> MSL_POINT T simd_broadcast(T x, ushort lane, int line = __builtin_LINE()) { return msl_post<T>(msl::Shuffle, x, lane, line); }
template <class T> MSL_POINT T simd_broadcast_first(T x, int line = __builtin_LINE()) { return msl_post<T>(msl::Shuffle, x, 0, line); }
template <class T> MSL_POINT T simd_shuffle_xor(T x, ushort mask, int line = __builtin_LINE())
{ return msl_post<T>(msl::Shuffle, x, msl::lane() ^ mask, line); }
template <class T> MSL_POINT T simd_shuffle_down(T x, ushort delta, int line = __builtin_LINE())
{ return msl_post<T>(msl::Shuffle, x, msl::lane() + delta, line); }
template <class T> MSL_POINT T simd_shuffle_up(T x, ushort delta, int line = __builtin_LINE())
{ return msl_post<T>(msl::Shuffle, x, msl::lane() - delta, line); }

// ---- bits ------------------------------------------------------------------------------------------------------------------------------------------
template <class T, class S> static inline T as_type(S x) { static_assert(sizeof(T) == sizeof(S), "as_type keeps the size"); T y; __builtin_memcpy(&y, &x, sizeof y); return y; }
static inline uint popcount(uint x) { return __builtin_popcount(x); }
static inline uint clz(uint x) { return x ? __builtin_clz(x) : 32; }
static inline uint ctz(uint x) { return x ? __builtin_ctz(x) : 32; }

// ---- numbers -----------------------------------------------------------------------------------------------------------------------------------------
template <class T> static inline T max(T a, T b) { return __builtin_elementwise_max(a, b); }
template <class T> static inline T min(T a, T b) { return __builtin_elementwise_min(a, b); }
template <class T> static inline T clamp(T x, T low, T high) { return min(max(x, low), high); }
template <class T> static inline T abs(T x) { return __builtin_elementwise_abs(x); }
template <class T> static inline T select(T a, T b, bool c) { return c ? b : a; }
#define MSL_UNARY(name, builtin) \
    static inline float name(float x) { return builtin(x); } \
    static inline half name(half x) { return (half)builtin((float)x); } \
    static inline float2 name(float2 v) { for (int i = 0; i < 2; i++) v[i] = builtin(v[i]); return v; } \
    static inline float3 name(float3 v) { for (int i = 0; i < 3; i++) v[i] = builtin(v[i]); return v; } \
    static inline float4 name(float4 v) { for (int i = 0; i < 4; i++) v[i] = builtin(v[i]); return v; }
#define MSL_EVERY(F) F(exp, __builtin_expf) F(exp2, __builtin_exp2f) F(log, __builtin_logf) F(log2, __builtin_log2f) F(sin, __builtin_sinf) F(cos, __builtin_cosf) \
    F(tanh, __builtin_tanhf) F(sqrt, __builtin_sqrtf) F(rsqrt, 1.0f / __builtin_sqrtf) F(fabs, __builtin_fabsf) F(floor, __builtin_floorf) F(ceil, __builtin_ceilf) \
    F(trunc, __builtin_truncf) F(rint, __builtin_rintf) F(round, __builtin_roundf)
MSL_EVERY(MSL_UNARY)
static inline float pow(float x, float y) { return __builtin_powf(x, y); }
static inline float fmax(float a, float b) { return __builtin_fmaxf(a, b); }
static inline float fmin(float a, float b) { return __builtin_fminf(a, b); }
static inline float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline float4 fma(float4 a, float4 b, float4 c) { for (int i = 0; i < 4; i++) a[i] = __builtin_fmaf(a[i], b[i], c[i]); return a; }
static inline float ldexp(float x, int e) { return __builtin_ldexpf(x, e); }
static inline float copysign(float x, float y) { return __builtin_copysignf(x, y); }
static inline float mix(float a, float b, float t) { return a + (b - a) * t; }
static inline bool isnan(float x) { return __builtin_isnan(x); }
static inline bool isinf(float x) { return __builtin_isinf(x); }
static inline float dot(float2 a, float2 b) { return a.x * b.x + a.y * b.y; }
static inline float dot(float3 a, float3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static inline float dot(float4 a, float4 b) { return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }

// Both variants of the functions are those of the C library: more exact than `fast`, as exact as `precise`.
#define MSL_VARIANT(name, builtin) using metal::name;
namespace fast { MSL_EVERY(MSL_VARIANT) using metal::pow; }
namespace precise { MSL_EVERY(MSL_VARIANT) using metal::pow; }

}

#define M_PI_F 3.14159274101257324219f
#define M_SQRT1_2_F 0.707106769084930419922f
#define M_LOG2E_F 1.44269502162933349609f
#define FLT_MAX 0x1.fffffep+127f
#define FLT_MIN 0x1p-126f
#define HALF_MAX ((half)65504.0f)
#define INFINITY (__builtin_inff())
#define NAN (__builtin_nanf(""))

// A constructor is a call of the type; the bare name stays a type.
#define char2(...) ::msl::make<char2>(__VA_ARGS__)
#define char4(...) ::msl::make<char4>(__VA_ARGS__)
#define uchar2(...) ::msl::make<uchar2>(__VA_ARGS__)
#define uchar4(...) ::msl::make<uchar4>(__VA_ARGS__)
#define short2(...) ::msl::make<short2>(__VA_ARGS__)
#define short4(...) ::msl::make<short4>(__VA_ARGS__)
#define ushort2(...) ::msl::make<ushort2>(__VA_ARGS__)
#define ushort4(...) ::msl::make<ushort4>(__VA_ARGS__)
#define int2(...) ::msl::make<int2>(__VA_ARGS__)
#define int3(...) ::msl::make<int3>(__VA_ARGS__)
#define int4(...) ::msl::make<int4>(__VA_ARGS__)
#define uint2(...) ::msl::make<uint2>(__VA_ARGS__)
#define uint3(...) ::msl::make<uint3>(__VA_ARGS__)
#define uint4(...) ::msl::make<uint4>(__VA_ARGS__)
#define float2(...) ::msl::make<float2>(__VA_ARGS__)
#define float3(...) ::msl::make<float3>(__VA_ARGS__)
#define float4(...) ::msl::make<float4>(__VA_ARGS__)
#define half2(...) ::msl::make<half2>(__VA_ARGS__)
#define half4(...) ::msl::make<half4>(__VA_ARGS__)
