#include "Common.metal"

// At most 1024 experts.
#define MAX_EXPERTS 1024u

struct RouteTopKArgs { uint experts, used, tokens, is_sigmoid, renormalize, has_bias; float scale; };

// One threadgroup of one simdgroup per token; lane i has the experts i, i + 32, …
kernel void route_top_k(constant RouteTopKArgs& args [[buffer(0)]], device const float* logits [[buffer(1)]], device const float* bias [[buffer(2)]],
    device int* ids [[buffer(3)]], device float* weights [[buffer(4)]], uint group [[threadgroup_position_in_grid]], uint groups [[threadgroups_per_grid]],
    uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float probabilities[1024];
    for (uint token = group; token < args.tokens; token += groups) {
        device const float* x = logits + ulong(token) * args.experts;
        float largest = -INFINITY, sum = 0.0f;
        for (uint e = lane; e < args.experts; e += LANES) largest = max(largest, x[e]);
        largest = simd_max(largest);
        for (uint e = lane; e < args.experts; e += LANES) {
            float p = args.is_sigmoid != 0 ? 1.0f / (1.0f + precise::exp(-x[e])) : precise::exp(x[e] - largest);
            probabilities[e] = p;
            sum += p;
        }
        sum = simd_sum(sum);
        if (args.is_sigmoid == 0)
            for (uint e = lane; e < args.experts; e += LANES) probabilities[e] = probabilities[e] / sum;

        uint taken = 0;     // a bit for each of the lane's experts
        float chosen_sum = 0.0f;
        for (uint u = 0; u < args.used; u++) {
            float best = NAN, probability = 0.0f;
            uint at = 0xffffffffu;
            for (uint e = lane; e < args.experts; e += LANES) {
                if ((taken >> (e / LANES)) & 1u) continue;
                float score = args.has_bias != 0 ? probabilities[e] + bias[e] : probabilities[e];
                // The lane's experts rise, so equal ones stay behind.
                if (at == 0xffffffffu || score > best || (is_nan(best) && !is_nan(score))) { best = score; at = e; probability = probabilities[e]; }
            }
            uint mine = at;
            for (ushort apart = 16; apart > 0; apart /= 2) {
                float other = simd_shuffle_xor(best, apart), other_probability = simd_shuffle_xor(probability, apart);
                uint other_at = simd_shuffle_xor(at, apart);
                bool none = at == 0xffffffffu, other_none = other_at == 0xffffffffu;
                bool wins = is_nan(best) || is_nan(other) ? is_nan(best) && (!is_nan(other) || other_at < at) : other > best || (other == best && other_at < at);
                if (!other_none && (none || wins)) { best = other; at = other_at; probability = other_probability; }
            }
            if (mine == at) taken |= 1u << (at / LANES);
            chosen_sum += probability;
            if (lane == 0) {
                ids[ulong(token) * args.used + u] = int(at);
                weights[ulong(token) * args.used + u] = probability;
            }
        }
        // The lane that wrote them.
        if (lane == 0)
            for (uint u = 0; u < args.used; u++) {
                float w = weights[ulong(token) * args.used + u];
                weights[ulong(token) * args.used + u] = (args.renormalize != 0 ? w / chosen_sum : w) * args.scale;
            }
    }
}
