#pragma once
extern "C" __attribute__((visibility("default"))) u64 msl_describe(int number, msl::Layout* shapes) {
    const msl::Function& f = msl_table[number];
    f.shapes(shapes);
    u64 bytes = 0;
    for (auto& local : msl::locals)
        if (local.bytes && local.ordinal == f.ordinal) bytes += (local.bytes + 15) & ~15ul;
    return bytes;
}
extern "C" __attribute__((visibility("default"))) int msl_run(int number, const msl::Dispatch* d, u64 first, u64 groups, char* message, int room, msl::Trace trace,
    void* context) {
    return msl::run(&msl_table[number], d, first, groups, message, room, trace, context);
}
#pragma clang attribute pop
