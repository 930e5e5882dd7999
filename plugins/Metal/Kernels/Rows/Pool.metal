#include "Common.metal"
#include "Cache/Step.metal"

#define POOL_MEAN 0u
#define POOL_FIRST 1u

struct PoolArgs { uint width, sequences, kind; };

// One threadgroup per sequence. A sequence without rows gives zeros.
kernel void pool(constant PoolArgs& args [[buffer(0)]], device const float* input [[buffer(1)]], device const int* sequences [[buffer(2)]], device float* output [[buffer(3)]],
    uint group [[threadgroup_position_in_grid]], uint groups [[threadgroups_per_grid]], uint thread_ [[thread_position_in_threadgroup]],
    uint threads [[threads_per_threadgroup]]) {
    for (uint s = group; s < args.sequences; s += groups) {
        device const int* sequence = sequences + s * SEQUENCE_WORDS;
        uint first = uint(sequence[FIRST_ROW]), count = uint(sequence[ROW_COUNT]);
        if (args.kind != POOL_MEAN && count > 0) {
            if (args.kind != POOL_FIRST) first += count - 1;
            count = 1;
        }
        for (uint i = thread_; i < args.width; i += threads) {
            float sum = 0.0f;
            for (uint r = 0; r < count; r++) sum += input[ulong(first + r) * args.width + i];
            output[ulong(s) * args.width + i] = count > 0 ? sum / float(count) : 0.0f;
        }
    }
}
