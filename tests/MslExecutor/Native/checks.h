// What instrumented builds call before every access to memory. The compiler's kernel address sanitizer inserts the calls; what they mean is ours: the
// access must lie in a bound buffer, in the threadgroup memory in use, in the thread's own stack or in the constants of the library, and must
// not race with another thread's. Two accesses to a byte race if at least one writes, they come from different threads, and no barrier with the flag of that
// memory lies between them; between threadgroups of one dispatch nothing lies.
#pragma once
#pragma clang attribute push(__attribute__((no_sanitize("kernel-address"))), apply_to = function)

extern "C" char __ehdr_start __attribute__((visibility("hidden")));
extern "C" char _end __attribute__((visibility("hidden")));

namespace msl {

static const u16 Many = 0xffff, OneSimdgroup = 0x8000;

static bool ordered(const Mark& mark, u32 epoch, u32 thread, u16 simdEpoch) {
    if (mark.epoch != epoch || mark.thread == thread) return true;
    u32 simdgroup = mark.thread == Many ? Many : mark.thread & OneSimdgroup ? mark.thread & 0x7fff : mark.thread / SimdWidth;
    return simdgroup == thread / SimdWidth && mark.simdEpoch != simdEpoch;
}

static void race(const Region& r, u64 offset, bool write, const Mark& other, bool otherWrote, bool otherGroup) {
    char* text = group->message;
    int n = where(text, 512);
    char place[48], who[48];
    if (r.index < 0) snprintf(place, 48, "threadgroup memory"); else snprintf(place, 48, "buffer %d", r.index);
    if (otherGroup) snprintf(who, 48, "another threadgroup");
    else if (other.thread & OneSimdgroup) snprintf(who, 48, "other threads");
    else snprintf(who, 48, "thread %u", other.thread);
    snprintf(text + n, 512 - n, "%s byte %lu of %s, which %s has %s with no barrier between.", write ? "writes" : "reads", offset, place, who, otherWrote ? "written" : "read");
    fail(Race);
}

static void mark(Region& r, u64 offset, u64 size, bool write) {
    Group* g = group;
    if (!r.marks) {
        if (r.length > (16u << 20)) return;     // too large to watch
        r.marks = (Touched*)calloc(r.length + 1, sizeof(Touched));
    }
    u32 epoch = r.shared ? g->epochLocal : g->epochDevice, thread = g->current;
    u16 simdEpoch = self().simdEpoch;
    for (u64 i = offset; i < offset + size; i++) {
        Touched& t = r.marks[i];
        if (!r.shared) {
            if (t.written.epoch && t.written.epoch < g->firstEpoch) race(r, i, write, t.written, true, true);
            if (write && t.read.epoch && t.read.epoch < g->firstEpoch) race(r, i, write, t.read, false, true);
        }
        if (!ordered(t.written, epoch, thread, simdEpoch)) race(r, i, write, t.written, true, false);
        if (write) {
            if (!ordered(t.read, epoch, thread, simdEpoch)) race(r, i, write, t.read, false, false);
            t.written = Mark{epoch, (u16)thread, simdEpoch};
        } else if (t.read.epoch != epoch || t.read.thread == thread) t.read = Mark{epoch, (u16)thread, simdEpoch};
        else {
            u32 simdgroup = t.read.thread == Many ? Many : t.read.thread & OneSimdgroup ? t.read.thread & 0x7fff : t.read.thread / SimdWidth;
            t.read = Mark{epoch, (u16)(simdgroup == thread / SimdWidth ? OneSimdgroup | simdgroup : Many), simdEpoch};
        }
    }
}

static __attribute__((noinline)) void outside(u64 address, u64 size, bool write) {
    Group* g = group;
    char* text = g->message;
    int n = where(text, 512);
    n += snprintf(text + n, 512 - n, "%s %lu bytes ", write ? "writes" : "reads", size);
    const Region* nearest = 0;
    u64 distance = ~0ul;
    for (u32 i = 0; i < g->regionCount; i++) {
        const Region& r = g->regions[i];
        u64 start = (u64)r.start, end = start + (r.shared ? g->arenaUsed : r.length);
        u64 d = address < start ? start - address : address >= end ? address - end : 0;
        if (d < distance) { distance = d; nearest = &r; }
    }
    if (nearest && distance < (1ul << 32))
        snprintf(text + n, 512 - n, "at offset %ld of %s %d, which has %lu bytes.", (long)(address - (u64)nearest->start),
            nearest->shared ? "threadgroup memory" : "buffer", nearest->shared ? 0 : nearest->index, nearest->shared ? g->arenaUsed : nearest->length);
    else snprintf(text + n, 512 - n, "at %#lx, where nothing is bound.", address);
    fail(OutOfBounds);
}

static void check(u64 address, u64 size, bool write) {
    Group* g = group;
    if (!g || size == 0) return;
    Fiber& f = self();
    if (address - (u64)f.stack < g->dispatch->stackBytes) return;
    for (u32 i = 0; i < g->regionCount; i++) {
        Region& r = g->regions[i];
        u64 offset = address - (u64)r.start, length = r.shared ? g->arenaUsed : r.length;
        if (offset >= length) continue;
        if (offset + size > length) break;
        if (write && !r.writable) {
            int n = where(g->message, 512);
            snprintf(g->message + n, 512 - n, "writes %lu bytes at offset %lu of buffer %d, which is bound for reading.", size, offset, r.index);
            fail(ReadOnly);
        }
        if (r.writable || g->tracing) mark(r, offset, size, write);
        return;
    }
    if (!write && address >= (u64)&__ehdr_start && address + size <= (u64)&_end) return;
    outside(address, size, write);
}

}

#define MSL_CHECK(size) \
    extern "C" __attribute__((visibility("hidden"))) void __asan_load##size##_noabort(u64 a) { msl::check(a, size, false); } \
    extern "C" __attribute__((visibility("hidden"))) void __asan_store##size##_noabort(u64 a) { msl::check(a, size, true); }
MSL_CHECK(1) MSL_CHECK(2) MSL_CHECK(4) MSL_CHECK(8) MSL_CHECK(16)
extern "C" __attribute__((visibility("hidden"))) void __asan_loadN_noabort(u64 a, u64 n) { msl::check(a, n, false); }
extern "C" __attribute__((visibility("hidden"))) void __asan_storeN_noabort(u64 a, u64 n) { msl::check(a, n, true); }
extern "C" __attribute__((visibility("hidden"))) void* __asan_memcpy(void* to, const void* from, u64 n) {
    msl::check((u64)from, n, false); msl::check((u64)to, n, true); return __builtin_memcpy(to, from, n);
}
extern "C" __attribute__((visibility("hidden"))) void* __asan_memmove(void* to, const void* from, u64 n) {
    msl::check((u64)from, n, false); msl::check((u64)to, n, true); return __builtin_memmove(to, from, n);
}
extern "C" __attribute__((visibility("hidden"))) void* __asan_memset(void* to, int value, u64 n) {
    msl::check((u64)to, n, true); return __builtin_memset(to, value, n);
}
extern "C" __attribute__((visibility("hidden"))) void __asan_handle_no_return() {}
#pragma clang attribute pop
