using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization;

/// <summary>Which tensors are quantised, and what they are for, by the names that llama.cpp gives them.</summary>
internal static class QuantizableTensors
{
    private static readonly string[] Kept =
    [
        // Norms, and what chooses experts.
        "_norm.weight", "ffn_gate_inp.weight", "ffn_gate_tid2eid.weight",
        // Small ones that errors would spread from.
        "altup", "laurel", "per_layer_model_proj", "ssm_conv1d", "shortconv.conv.weight", "indexer.k_proj.weight", "indexer.q_proj.weight", "attn_rel_b.weight",
        "time_mix_first.weight", "time_mix_w0.weight", "time_mix_w1.weight", "time_mix_w2.weight", "time_mix_v0.weight", "time_mix_v1.weight", "time_mix_v2.weight",
        "time_mix_a0.weight", "time_mix_a1.weight", "time_mix_a2.weight", "time_mix_g1.weight", "time_mix_g2.weight",
        "time_mix_decay_w1.weight", "time_mix_decay_w2.weight", "time_mix_lerp_fused.weight",
        // Parts of encoders for images and sound.
        ".position_embd", "sam.pos_embd", "sam.neck.", "sam.net_", ".rel_pos", ".patch_embd", ".patch_merger", "a.rvq.codebook", "mm.a.code_embd",
    ];

    /// <summary>True for matrices whose elements may be rounded.</summary>
    public static bool Includes(in TensorSpec tensor)
    {
        var name = tensor.Name;
        return tensor.RowCount > 1 && name.EndsWith("weight", StringComparison.Ordinal) && name is not ("position_embd.weight" or "token_types.weight")
            && !Array.Exists(Kept, part => name.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>What a tensor is for.</summary>
    public static TensorRole RoleOf(string name)
    {
        bool Has(string part) => name.Contains(part, StringComparison.Ordinal);
        if (name == "output.weight") return TensorRole.Output;
        if (name is "token_embd.weight" or "per_layer_token_embd.weight") return TensorRole.Embedding;
        if (Has("attn_qkv.weight") || Has("attn_kv_b.weight") || Has("attn_v.weight")) return TensorRole.Values;
        if (Has("attn_k.weight")) return TensorRole.Keys;
        if (Has("attn_q.weight")) return TensorRole.Other;
        if (Has("attn_output.weight")) return TensorRole.AttentionOutput;
        return !Has("ffn_up") && !Has("ffn_gate") && Has("ffn_down") ? TensorRole.Down : TensorRole.Other;
    }

    /// <summary>The number of the block that a tensor belongs to, or −1.</summary>
    public static int BlockOf(string name)
    {
        const string Prefix = "blk.";
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return -1;
        var end = name.IndexOf('.', Prefix.Length);
        return end > 0 && int.TryParse(name.AsSpan(Prefix.Length, end - Prefix.Length), out var block) ? block : -1;
    }
}
