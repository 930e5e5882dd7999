// Runs one threadgroup: every thread is a fiber with a stack of its own, one operating-system thread runs them by turns, each to its next point of
// synchronisation. What the hardware leaves undefined is an error here: threads that part at a barrier or a simdgroup function, and (in instrumented
// builds) accesses outside of what is bound and accesses that race. Included before the translated source; needs no library but libm.
#pragma once

typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long u64;
extern "C" int snprintf(char*, u64, const char*, ...) __attribute__((format(printf, 3, 4)));
extern "C" void* memset(void*, int, u64);
extern "C" void* calloc(u64, u64);
extern "C" void free(void*);

// Nothing of the runtime is instrumented.
#pragma clang attribute push(__attribute__((no_sanitize("kernel-address"))), apply_to = function)

namespace msl {

enum { SimdWidth = 32, MaxThreads = 1024, MaxBindings = 31, MaxLocals = 16, MaxKnownLocals = 256, LocalLimit = 32768 };
enum State : u8 { Fresh, Ready, AtBarrier, AtSimd, Done };
enum Op : u32 { SumF = 1, SumI, MaxF, MaxI, MaxU, MinF, MinI, MinU, AndU, OrU, Shuffle, Sync };
enum Error { None, DivergentBarrier, DivergentSimd, OutOfBounds, ReadOnly, Race, StackOverflow, ThreadgroupMemory, Arguments };
enum Kind : int { Buffer, Threadgroup, PositionInThreadgroup, PositionInGrid, GroupPosition, GroupSize, GridGroups, GridSize, IndexInThreadgroup,
    LaneIndex, SimdIndex, SimdCount, LaneCount };

// What the host passes; the same fields in Dispatch.cs.
struct HostBuffer { void* pointer; u64 length; u64 writable; };
struct Dispatch {
    u32 groups[3], threads[3];
    HostBuffer buffers[MaxBindings];
    u32 shared[MaxBindings];
    u32 seed;
    char* stacks; u64 stackBytes; u64 stackStride;
    char* arena; u64 arenaBytes;
};

struct Binding { Kind kind; int index; };
struct Layout { u32 size, alignment; };      // of what a pointer or reference leads to
struct Function { const char* name; void (*enter)(); const Binding* bindings; void (*shapes)(Layout*); int ordinal; };
typedef void (*Trace)(void* context, void* address, u64 length, int written);
struct KnownLocal { int ordinal; u64 bytes; };
static KnownLocal locals[MaxKnownLocals];

struct Fiber {
    void* sp; char* stack; const void* site; int line; u32 op, flags;
    u32 source;                     // lane a shuffle reads from
    alignas(16) u8 post[16];        // value handed in
    alignas(16) u8 result[16];
    State state;
    u16 simdEpoch;                  // counts what orders the memory of a simdgroup
};

// Who touched a byte last, since when nothing could have ordered it.
struct Mark { u32 epoch; u16 thread; u16 simdEpoch; };
struct Touched { Mark written, read; };
struct Region { char* start; u64 length; bool writable; bool shared; int index; Touched* marks; };
struct Local { const void* key; char* memory; };

struct Group {
    const Dispatch* dispatch; const Function* function;
    Fiber fibers[MaxThreads];
    char* freeStacks[MaxThreads]; u32 freeCount;
    u16 order[MaxThreads];
    u32 count, current;
    u32 position[3];
    void* scheduler;
    Local locals[MaxLocals]; u32 localCount; u64 arenaUsed;
    char* shared[MaxBindings];
    Region regions[MaxBindings + 1]; u32 regionCount;
    u32 epochs, epochLocal, epochDevice, firstEpoch;
    bool tracing;
    Error error; char message[512];
};

static thread_local Group* group;

#if defined(__x86_64__) && !defined(MSL_UCONTEXT)
// Saves what a call must preserve, exchanges stacks.
extern "C" void msl_switch(void** save, void* to) __attribute__((visibility("hidden")));
asm(".text\n.hidden msl_switch\n.globl msl_switch\n.type msl_switch,@function\nmsl_switch:\n"
    "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
    "movq %rsp,(%rdi)\nmovq %rsi,%rsp\n"
    "popq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nret\n.size msl_switch,.-msl_switch\n");
static void* make_context(char* stack, u64 bytes, void (*entry)()) {
    u64 top = ((u64)stack + bytes) & ~15ul;
    void** sp = (void**)(top - 64);
    for (int i = 0; i < 8; i++) sp[i] = 0;
    sp[6] = (void*)entry;           // what `ret` jumps to; the stack is then 8 off sixteen, as after a call
    return sp;
}
#elif defined(__aarch64__) && !defined(MSL_UCONTEXT)
extern "C" void msl_switch(void** save, void* to) __attribute__((visibility("hidden")));
asm(".text\n.hidden msl_switch\n.globl msl_switch\n.type msl_switch,%function\nmsl_switch:\n"
    "sub sp,sp,#160\nstp x19,x20,[sp]\nstp x21,x22,[sp,#16]\nstp x23,x24,[sp,#32]\nstp x25,x26,[sp,#48]\nstp x27,x28,[sp,#64]\nstp x29,x30,[sp,#80]\n"
    "stp d8,d9,[sp,#96]\nstp d10,d11,[sp,#112]\nstp d12,d13,[sp,#128]\nstp d14,d15,[sp,#144]\n"
    "mov x9,sp\nstr x9,[x0]\nmov sp,x1\n"
    "ldp x19,x20,[sp]\nldp x21,x22,[sp,#16]\nldp x23,x24,[sp,#32]\nldp x25,x26,[sp,#48]\nldp x27,x28,[sp,#64]\nldp x29,x30,[sp,#80]\n"
    "ldp d8,d9,[sp,#96]\nldp d10,d11,[sp,#112]\nldp d12,d13,[sp,#128]\nldp d14,d15,[sp,#144]\nadd sp,sp,#160\nret\n.size msl_switch,.-msl_switch\n");
static void* make_context(char* stack, u64 bytes, void (*entry)()) {
    u64 top = ((u64)stack + bytes) & ~15ul;
    void** sp = (void**)(top - 160);
    for (int i = 0; i < 20; i++) sp[i] = 0;
    sp[11] = (void*)entry;
    return sp;
}
#else
#error "The executor switches stacks on x86-64 and arm64 only."
#endif

static __attribute__((noinline)) u32 lane() { return group->current % SimdWidth; }
static inline Fiber& self() { return group->fibers[group->current]; }

// To the scheduler; comes back when it resumes this fiber.
static __attribute__((noinline)) void yield_fiber() {
    Group* g = group;
    msl_switch(&g->fibers[g->current].sp, g->scheduler);
}

static __attribute__((noinline)) void fail(Error error) {
    group->error = error;
    yield_fiber();
    __builtin_trap();               // the scheduler never resumes a group that failed
}

static int where(char* text, u64 room) {
    Group* g = group;
    return snprintf(text, room, "%s, threadgroup (%u, %u, %u), thread %u: ", g->function->name, g->position[0], g->position[1], g->position[2], g->current);
}

// ---- points of synchronisation -------------------------------------------------------------------------------------------------------------------

static __attribute__((noinline, convergent, nomerge)) void barrier(u32 flags, int line) {
    Fiber& f = self();
    f.site = __builtin_return_address(0); f.line = line; f.flags = flags; f.state = AtBarrier;
    yield_fiber();
}

static __attribute__((noinline, convergent)) void simd(u32 op, int line, const void* site) {
    Fiber& f = self();
    f.site = site; f.line = line; f.op = op; f.state = AtSimd;
    yield_fiber();
}

template <class T> static T combine(u32 op, T a, T b) {
    switch (op) {
        case SumF: case SumI: return a + b;
        case MaxF: case MaxI: case MaxU: return b > a ? b : a;
        default: return b < a ? b : a;
    }
}

// As a butterfly adds: pairs that lie 16 apart, then 8, …
template <class T> static void reduce(Fiber* lanes, u32 count, u32 op, T neutral) {
    T v[SimdWidth];
    for (u32 i = 0; i < SimdWidth; i++) v[i] = i < count ? *(T*)lanes[i].post : neutral;
    for (u32 apart = SimdWidth / 2; apart > 0; apart /= 2)
        for (u32 i = 0; i < apart; i++) v[i] = combine(op, v[i], v[i + apart]);
    for (u32 i = 0; i < count; i++) *(T*)lanes[i].result = v[0];
}

static void resolve(Fiber* lanes, u32 count, u32 op) {
    switch (op) {
        case SumF: reduce<float>(lanes, count, op, 0.0f); break;
        case SumI: reduce<u32>(lanes, count, op, 0); break;
        case MaxF: reduce<float>(lanes, count, op, -__builtin_inff()); break;
        case MinF: reduce<float>(lanes, count, op, __builtin_inff()); break;
        case MaxI: reduce<int>(lanes, count, op, -2147483647 - 1); break;
        case MinI: reduce<int>(lanes, count, op, 2147483647); break;
        case MaxU: reduce<u32>(lanes, count, op, 0); break;
        case MinU: reduce<u32>(lanes, count, op, 0xffffffffu); break;
        case AndU: case OrU: {
            u32 v = op == AndU ? 0xffffffffu : 0;
            for (u32 i = 0; i < count; i++) v = op == AndU ? v & *(u32*)lanes[i].post : v | *(u32*)lanes[i].post;
            for (u32 i = 0; i < count; i++) *(u32*)lanes[i].result = v;
            break;
        }
        case Shuffle:
            // A lane that does not exist has no value: all ones, a NaN.
            for (u32 i = 0; i < count; i++)
                if (lanes[i].source < count) __builtin_memcpy(lanes[i].result, lanes[lanes[i].source].post, 16);
                else memset(lanes[i].result, 0xff, 16);
            break;
        default: break;
    }
    // Of the simdgroup functions only the barrier orders memory.
    for (u32 i = 0; i < count; i++) { lanes[i].state = Ready; lanes[i].simdEpoch += op == Sync; }
}

// ---- threadgroup memory ----------------------------------------------------------------------------------------------------------------------------

static char* take(u64 bytes) {
    Group* g = group;
    bytes = (bytes + 15) & ~15ul;
    if (g->arenaUsed + bytes > LocalLimit) {
        snprintf(g->message, sizeof g->message, "%s: %lu bytes of threadgroup memory are asked, the limit is %d.", g->function->name, g->arenaUsed + bytes, LocalLimit);
        return 0;
    }
    char* memory = g->dispatch->arena + g->arenaUsed;
    g->arenaUsed += bytes;
    return memory;
}

// An array declared `threadgroup` in a kernel: the first thread to come by makes it.
static char* local_memory(const void* key, u64 bytes) {
    Group* g = group;
    for (u32 i = 0; i < g->localCount; i++)
        if (g->locals[i].key == key) return g->locals[i].memory;
    char* memory = g->localCount < MaxLocals ? take(bytes) : 0;
    if (!memory) fail(ThreadgroupMemory);
    g->locals[g->localCount++] = Local{key, memory};
    return memory;
}

// ---- scheduling --------------------------------------------------------------------------------------------------------------------------------------

static const u64 Canary = 0x5afe57ac0fca11edul;

static void fiber_main() {
    group->function->enter();
    self().state = Done;
    yield_fiber();
    __builtin_trap();
}

static void resume(u32 index) {
    Group* g = group;
    Fiber& f = g->fibers[index];
    if (f.state == Fresh) {
        f.stack = g->freeStacks[--g->freeCount];
        *(u64*)f.stack = Canary;
        f.sp = make_context(f.stack, g->dispatch->stackBytes, fiber_main);
        f.state = Ready;
        f.simdEpoch = 0;
    }
    g->current = index;
    msl_switch(&g->scheduler, f.sp);
    if (*(u64*)f.stack != Canary && !g->error) {
        g->error = StackOverflow;
        int n = where(g->message, sizeof g->message);
        snprintf(g->message + n, sizeof g->message - n, "its stack of %lu bytes has overflowed.", g->dispatch->stackBytes);
    }
    // The next thread takes the stack that is in the cache.
    if (f.state == Done) g->freeStacks[g->freeCount++] = f.stack;
}

static const char* describe(const Fiber& f, char* text, u64 room) {
    const char* form = f.state == Done ? "has ended" : f.state == AtBarrier ? "waits at the barrier of line %d" : "waits at the simdgroup function of line %d";
    snprintf(text, room, form, f.line);
    return text;
}

static void part(Error error, u32 a, u32 b) {
    Group* g = group;
    char first[80], second[80];
    g->error = error;
    snprintf(g->message, sizeof g->message, "%s, threadgroup (%u, %u, %u): threads part at a %s: thread %u %s, thread %u %s.", g->function->name,
        g->position[0], g->position[1], g->position[2], error == DivergentSimd ? "simdgroup function" : "barrier",
        a, describe(g->fibers[a], first, 80), b, describe(g->fibers[b], second, 80));
}

// Runs the lanes of a simdgroup until all have ended or wait for others.
static void run_simdgroup(u32 first, u32 count) {
    Group* g = group;
    for (;;) {
        for (u32 k = 0; k < count; k++) {
            u32 index = first + g->order[first + k];
            if (g->fibers[index].state > Ready) continue;
            resume(index);
            if (g->error) return;
        }
        Fiber* lanes = g->fibers + first;
        u32 waiting = 0;
        for (u32 k = 0; k < count; k++) waiting += lanes[k].state == AtSimd;
        if (waiting == 0) return;
        for (u32 k = 1; k < count; k++)
            if (lanes[k].state != lanes[0].state || lanes[k].site != lanes[0].site || lanes[k].op != lanes[0].op) return part(DivergentSimd, first, first + k);
        resolve(lanes, count, lanes[0].op);
    }
}

static void run_threads() {
    Group* g = group;
    for (;;) {
        for (u32 first = 0; first < g->count; first += SimdWidth) {
            run_simdgroup(first, g->count - first < SimdWidth ? g->count - first : SimdWidth);
            if (g->error) return;
        }
        for (u32 k = 1; k < g->count; k++)
            if (g->fibers[k].state != g->fibers[0].state || (g->fibers[k].state == AtBarrier && g->fibers[k].site != g->fibers[0].site))
                return part(DivergentBarrier, 0, k);
        if (g->fibers[0].state == Done) return;
        u32 flags = g->fibers[0].flags;
        u32 epoch = ++g->epochs;
        if (flags & 2) g->epochLocal = epoch;
        if (flags & 1) g->epochDevice = epoch;
        for (u32 k = 0; k < g->count; k++) g->fibers[k].state = Ready;
    }
}

// A permutation within every simdgroup: 0 leaves the order as it is.
static void shuffle_order(u32 seed) {
    Group* g = group;
    for (u32 first = 0; first < g->count; first += SimdWidth) {
        u32 count = g->count - first < SimdWidth ? g->count - first : SimdWidth;
        for (u32 k = 0; k < count; k++) g->order[first + k] = k;
        if (!seed) continue;
        u32 state = seed * 2654435761u + first + 1;
        for (u32 k = count - 1; k > 0; k--) {
            state ^= state << 13; state ^= state >> 17; state ^= state << 5;
            u32 other = state % (k + 1);
            u16 kept = g->order[first + k];
            g->order[first + k] = g->order[first + other];
            g->order[first + other] = kept;
        }
    }
}

static bool begin_group() {
    Group* g = group;
    const Dispatch* d = g->dispatch;
    g->localCount = 0;
    g->arenaUsed = 0;
    for (u32 i = 0; i < MaxBindings; i++) {
        g->shared[i] = 0;
        if (d->shared[i] && !(g->shared[i] = take(d->shared[i]))) { g->error = ThreadgroupMemory; return false; }
    }
    // What is read before it is written is not a number.
    memset(d->arena, 0xff, LocalLimit);
    for (u32 k = 0; k < g->count; k++) { g->fibers[k].state = Fresh; g->freeStacks[k] = d->stacks + (g->count - 1 - k) * d->stackStride; }
    g->freeCount = g->count;
    g->firstEpoch = g->epochLocal = g->epochDevice = ++g->epochs;
    return true;
}

// Reports the bytes with a mark as few ranges.
static void report(const Region& r, bool written, Trace trace, void* context) {
    u64 start = 0;
    for (u64 i = 0; i <= r.length; i++) {
        bool touched = i < r.length && (written ? r.marks[i].written.epoch : r.marks[i].read.epoch);
        if (touched) continue;
        if (i > start) trace(context, r.start + start, i - start, written);
        start = i + 1;
    }
}

static int run(const Function* function, const Dispatch* d, u64 firstGroup, u64 groups, char* message, int room, Trace trace, void* context) {
    Group* g = (Group*)calloc(1, sizeof(Group));
    group = g;
    g->dispatch = d;
    g->function = function;
    g->tracing = trace != 0;
    g->count = d->threads[0] * d->threads[1] * d->threads[2];
    for (u32 i = 0; i < MaxBindings; i++)
        if (d->buffers[i].pointer)
            g->regions[g->regionCount++] = Region{(char*)d->buffers[i].pointer, d->buffers[i].length, d->buffers[i].writable != 0, false, (int)i, 0};
    g->regions[g->regionCount++] = Region{d->arena, LocalLimit, true, true, -1, 0};
    shuffle_order(d->seed);
    for (u64 n = firstGroup; n < firstGroup + groups && !g->error; n++) {
        g->position[0] = n % d->groups[0];
        g->position[1] = n / d->groups[0] % d->groups[1];
        g->position[2] = n / d->groups[0] / d->groups[1];
        if (begin_group()) run_threads();
    }
    int error = g->error;
    if (error) snprintf(message, room, "%s", g->message);
    for (u32 i = 0; i < g->regionCount; i++) {
        const Region& r = g->regions[i];
        if (trace && r.marks && !r.shared) { report(r, false, trace, context); report(r, true, trace, context); }
        free(r.marks);
    }
    free(g);
    group = 0;
    return error;
}

}
#pragma clang attribute pop
