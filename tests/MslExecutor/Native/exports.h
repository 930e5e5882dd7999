// From the table of bindings to a call of the kernel, and what the host looks up. Included after the translated source.
#pragma once
#pragma clang attribute push(__attribute__((no_sanitize("kernel-address"))), apply_to = function)
namespace msl {

typedef u32 vec3 __attribute__((ext_vector_type(3)));

// Three extents as a built-in of one, two or three.
template <class T> struct Extents { static T of(u32 x, u32, u32) { return (T)x; } };
template <class E> struct Extents<E __attribute__((ext_vector_type(2)))> {
    typedef E V __attribute__((ext_vector_type(2)));
    static V of(u32 x, u32 y, u32) { V v; v.x = (E)x; v.y = (E)y; return v; }
};
template <class E> struct Extents<E __attribute__((ext_vector_type(3)))> {
    typedef E V __attribute__((ext_vector_type(3)));
    static V of(u32 x, u32 y, u32 z) { V v; v.x = (E)x; v.y = (E)y; v.z = (E)z; return v; }
};

template <class P> struct Fetch {
    static P of(const Binding& b) {
        Group* g = group;
        const u32* n = g->dispatch->threads;
        const u32* m = g->dispatch->groups;
        const u32* p = g->position;
        u32 i = g->current, x = i % n[0], y = i / n[0] % n[1], z = i / n[0] / n[1];
        switch (b.kind) {
            case PositionInThreadgroup: return Extents<P>::of(x, y, z);
            case PositionInGrid: return Extents<P>::of(p[0] * n[0] + x, p[1] * n[1] + y, p[2] * n[2] + z);
            case GroupPosition: return Extents<P>::of(p[0], p[1], p[2]);
            case GroupSize: return Extents<P>::of(n[0], n[1], n[2]);
            case GridGroups: return Extents<P>::of(m[0], m[1], m[2]);
            case GridSize: return Extents<P>::of(n[0] * m[0], n[1] * m[1], n[2] * m[2]);
            case IndexInThreadgroup: return Extents<P>::of(i, 0, 0);
            case LaneIndex: return Extents<P>::of(i % SimdWidth, 0, 0);
            case SimdIndex: return Extents<P>::of(i / SimdWidth, 0, 0);
            case SimdCount: return Extents<P>::of((g->count + SimdWidth - 1) / SimdWidth, 0, 0);
            default: return Extents<P>::of(SimdWidth, 0, 0);
        }
    }
};
template <class P> struct Fetch<P*> {
    static P* of(const Binding& b) { return (P*)(b.kind == Threadgroup ? group->shared[b.index] : group->dispatch->buffers[b.index].pointer); }
};
template <class P> struct Fetch<P&> {
    static P& of(const Binding& b) { return *Fetch<P*>::of(b); }
};

template <class P> struct Pointee { static Layout of() { return Layout{0, 1}; } };
template <class T> struct Pointee<T*> { static Layout of() { return Layout{(u32)sizeof(T), (u32)alignof(T)}; } };
template <class T> struct Pointee<T&> : Pointee<T*> {};
template <class... P> static inline void shapes(void (*)(P...), Layout* s) { ((*s++ = Pointee<P>::of()), ...); }

template <u64... I> struct Indices {};
template <u64 N, u64... I> struct Count : Count<N - 1, N - 1, I...> {};
template <u64... I> struct Count<0, I...> { typedef Indices<I...> Type; };
template <class... P, u64... I> static inline void call(void (*f)(P...), const Binding* b, Indices<I...>) { f(Fetch<P>::of(b[I])...); }
template <class... P> static inline void call(void (*f)(P...), const Binding* b) { call(f, b, typename Count<sizeof...(P)>::Type()); }

}
