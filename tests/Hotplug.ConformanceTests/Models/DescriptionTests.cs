using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Models;
using Hotplug.ModelForge;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>What is made of a file's metadata, and what is refused, before anything is loaded.</summary>
public sealed class DescriptionTests
{
    [Fact]
    public void An_unknown_architecture_is_refused_by_name_with_those_that_are_known()
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", "mamba");
        var message = Assert.Throws<GgufException>(() => Open(writer)).Message;
        Assert.Contains("'mamba'", message);
        foreach (var name in (string[])["llama", "qwen3moe", "gemma3", "gpt-oss", "nomic-bert"]) Assert.Contains(name, message);
    }

    [Theory]
    [InlineData(TensorType.NVFP4), InlineData(TensorType.Q1_0), InlineData(TensorType.Q2_0), InlineData(TensorType.Q8_K), InlineData(TensorType.I32)]
    public void A_type_that_nothing_computes_with_is_refused_by_name(TensorType type)
    {
        const int Width = 256;
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        foreach (var (key, value) in new Dictionary<string, object>
        {
            ["context_length"] = 64, ["embedding_length"] = Width, ["block_count"] = 1, ["feed_forward_length"] = Width, ["attention.head_count"] = 4,
            ["attention.layer_norm_rms_epsilon"] = 1e-5f,
        }) writer.Add($"llama.{key}", value);
        var spec = new TensorSpec { Name = "token_embd.weight", Type = type, Shape = new(Width, 8) };
        writer.Add(spec, stream => stream.Write(new byte[spec.ByteLength]));
        var message = Assert.Throws<GgufException>(() => Open(writer)).Message;
        Assert.Contains(type.ToString(), message);
        Assert.Contains("token_embd.weight", message);
    }

    [Fact]
    public void What_is_not_supported_of_an_architecture_is_refused_by_its_key()
    {
        Refused("expert_group_count", new() { Architecture = "qwen3moe", Experts = 4, Metadata = new Dictionary<string, object> { ["expert_group_count"] = 2 } });
        Refused("rope.scaling.type", new() { Architecture = "llama", Metadata = new Dictionary<string, object> { ["rope.scaling.type"] = "spiral" } });
        Refused("pooling_type", new() { Architecture = "bert", KvHeads = 4, Metadata = new Dictionary<string, object> { ["pooling_type"] = 4 } });
        Refused("attention.head_count_kv", new() { Architecture = "llama", Heads = 4, KvHeads = 3, HeadWidth = 16 });
        Refused("expert_count", new() { Architecture = "gpt-oss" });

        static void Refused(string key, ModelRecipe recipe) => Assert.Contains($"{recipe.Architecture}.{key}", Assert.Throws<GgufException>(() => Open(recipe)).Message);
    }

    [Fact]
    public void A_context_beyond_the_learned_positions_is_refused_and_any_other_is_not()
    {
        var source = Open(new ModelRecipe { Architecture = "gpt2", KvHeads = 4, Context = 96 });
        var problem = Assert.Throws<ArgumentException>(() => source.Plan([], new() { Context = 97 }));
        Assert.Contains("--context 96", problem.Message);
        // What it is refused for now is that there is no device.
        Assert.IsNotType<ArgumentException>(Record.Exception(() => source.Plan([], new() { Context = 96 })));
    }

    [Fact]
    public void A_fused_matrix_becomes_weights_that_lie_in_it_one_behind_the_other()
    {
        var description = Open(new ModelRecipe { Architecture = "phi3", Heads = 4, KvHeads = 2 }).Description;
        var parts = description.Weights.Where(w => w.Key.Name.StartsWith("blk.1.attn_qkv.weight:", StringComparison.Ordinal)).OrderBy(w => w.Value.Offset).ToArray();
        Assert.Equal([("q", 64L), ("k", 32L), ("v", 32L)], parts.Select(p => (p.Key.Name.Split(':')[1], p.Key.Shape.D1.Constant)));
        Assert.Equal(64 * 64 * 4, parts[1].Value.Offset - parts[0].Value.Offset);
        Assert.Equal(32 * 64 * 4, parts[2].Value.Offset - parts[1].Value.Offset);
    }

    [Theory]
    [InlineData(64, "rope_factors_short.weight"), InlineData(65, "rope_factors_long.weight")]
    public void Long_rope_takes_the_factors_of_the_context(int context, string expected)
    {
        var file = GgufFile.Open(Material.Path("architectures", "phi3-longrope.f32.gguf"));
        var description = ArchitectureCatalog.Default.Describe(file, context);
        Assert.True(description.DependsOnContext);
        Assert.Equal([expected], description.Graph.Weights.Select(w => w.Name).Where(n => n.StartsWith("rope_", StringComparison.Ordinal)));
    }

    private static ModelSource Open(ModelRecipe recipe) => Open(path => Forge.Write(recipe, path));

    private static ModelSource Open(GgufWriter writer) => Open(path =>
    {
        using var stream = File.Create(path);
        writer.Write(stream);
    });

    private static ModelSource Open(Action<string> write)
    {
        var path = Path.GetTempFileName();
        try
        {
            write(path);
            return ModelSource.Open(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
