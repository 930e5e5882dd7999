using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;

namespace Hotplug.UnitTests.Gguf;

/// <summary>Small well-formed files to start from, and what reading a file may cost.</summary>
internal static class GgufSeeds
{
    /// <summary>
    /// Bytes that one reading may allocate, whether it succeeds or not. A record of 14 bytes (key) becomes an entry, its key and
    /// a place in the index; the rest is the exception and its text.
    /// </summary>
    public static long AllocationBound(long fileLength) => 24 * fileLength + 16_384;

    /// <summary>A key of each kind and two tensors.</summary>
    public static GgufForge Tiny() => new GgufForge()
        .String("general.architecture", "llama")
        .Strings("tokens", "a", "", "längér")
        .Integers("types", GgufValueType.Int32, 1, 2, 3)
        .Tensor("a", TensorType.F32, 8, 2)
        .Tensor("b", TensorType.Q8_0, 32);

    /// <summary>The layout of a real llama model: the usual keys, a vocabulary with scores and types, two blocks.</summary>
    public static GgufForge Model()
    {
        const ulong Width = 32, Hidden = 64, Vocabulary = 20;
        var tokens = Enumerable.Range(0, (int)Vocabulary).Select(i => $"▁token{i}").ToArray();
        var forge = new GgufForge()
            .String("general.architecture", "llama").String("general.name", "tiny").UInt32("general.alignment", 32)
            .UInt32("llama.context_length", 64).UInt32("llama.embedding_length", (uint)Width).UInt32("llama.block_count", 2)
            .UInt32("llama.feed_forward_length", (uint)Hidden).UInt32("llama.attention.head_count", 4)
            .Integers("llama.attention.head_count_kv", GgufValueType.UInt32, 2, 2)
            .Float("llama.attention.layer_norm_rms_epsilon", 1e-5f).Float("llama.rope.freq_base", 10000)
            .String("tokenizer.ggml.model", "llama").Strings("tokenizer.ggml.tokens", tokens)
            .Integers("tokenizer.ggml.scores", GgufValueType.Float32, [.. tokens.Select((_, i) => -(long)i)])
            .Integers("tokenizer.ggml.token_type", GgufValueType.Int32, [.. tokens.Select(_ => 1L)])
            .Integer("tokenizer.ggml.bos_token_id", GgufValueType.UInt32, 1).Integer("tokenizer.ggml.add_bos_token", GgufValueType.Bool, 1)
            .Tensor("token_embd.weight", TensorType.Q8_0, Width, Vocabulary);
        for (var block = 0; block < 2; block++)
        {
            forge.Tensor($"blk.{block}.attn_norm.weight", TensorType.F32, Width)
                .Tensor($"blk.{block}.attn_q.weight", TensorType.Q4_0, Width, Width)
                .Tensor($"blk.{block}.attn_k.weight", TensorType.Q4_1, Width, Width / 2)
                .Tensor($"blk.{block}.attn_v.weight", TensorType.Q5_0, Width, Width / 2)
                .Tensor($"blk.{block}.ffn_up.weight", TensorType.F16, Width, Hidden)
                .Tensor($"blk.{block}.ffn_down.weight", TensorType.BF16, Hidden, Width);
        }

        return forge.Tensor("output_norm.weight", TensorType.F32, Width);
    }

    /// <summary>A vocabulary without tensors, which ends without padding.</summary>
    public static GgufForge Vocabulary() => new GgufForge { Version = 2 }
        .String("tokenizer.ggml.model", "gpt2").Strings("tokenizer.ggml.tokens", [.. Enumerable.Range(0, 64).Select(i => $"t{i}")])
        .Strings("tokenizer.ggml.merges", "t 0", "t 1").Integer("wide", GgufValueType.UInt64, ulong.MaxValue)
        .Integer("small", GgufValueType.Int8, -1).Integer("exact", GgufValueType.Float64, 3);

    /// <summary>Scattered, empty and out-of-order tensors at a wide alignment.</summary>
    public static GgufForge Scattered() => new GgufForge { Alignment = 128, DataBytes = 1024 }.UInt32("general.alignment", 128)
        .TensorAt(512, "late", TensorType.MXFP4, 64).TensorAt(0, "early", TensorType.I8, 3, 5).TensorAt(256, "none", TensorType.F32, 0)
        .TensorAt(256, "middle", TensorType.F64, 2, 2, 2, 2);

    /// <summary>No keys, no tensors.</summary>
    public static GgufForge Empty() => new();

    public static byte[][] All() => [Tiny().ToArray(), Model().ToArray(), Vocabulary().ToArray(), Scattered().ToArray(), Empty().ToArray()];

    public static GgufForge With(this GgufForge forge, Action<GgufForge> change)
    {
        change(forge);
        return forge;
    }
}
