using Hotplug.Abstractions.Tensors;

namespace Hotplug.ModelForge;

/// <summary>The tensors of each architecture.</summary>
internal static class ArchitectureTensors
{
    /// <summary>The tensors of a recipe, in the order of the file.</summary>
    /// <exception cref="NotSupportedException">The architecture is not known here.</exception>
    public static IEnumerable<ForgedTensor> Of(ModelRecipe recipe)
    {
        yield return Table("token_embd", recipe.Width, recipe.Vocabulary);
        var isEncoder = recipe.Architecture is "bert" or "nomic-bert";
        if (recipe.Architecture is "gpt2" or "bert") yield return Table("position_embd", recipe.Width, recipe.Context);
        if (isEncoder)
        {
            yield return Table("token_types", recipe.Width, 2);
            foreach (var tensor in LayerNorm("token_embd_norm", recipe.Width)) yield return tensor;
        }
        for (var i = 0; i < recipe.Blocks; i++)
            foreach (var tensor in Block(recipe)) yield return tensor with { Name = $"blk.{i}.{tensor.Name}" };
        if (isEncoder) yield break;
        foreach (var tensor in HasBiases(recipe) ? LayerNorm("output_norm", recipe.Width) : [Norm("output_norm", recipe.Width)]) yield return tensor;
        if (!recipe.TiedOutput) yield return Matrix("output", recipe.Width, recipe.Vocabulary);
    }

    private static bool HasBiases(ModelRecipe recipe) => recipe.Architecture is "gpt2" or "starcoder2" or "bert";

    private static IEnumerable<ForgedTensor> Block(ModelRecipe recipe) => recipe.Architecture switch
    {
        "llama" or "granite" or "granitemoe" => [Norm("attn_norm", recipe.Width), .. Attention(recipe), Norm("ffn_norm", recipe.Width), .. FeedForward(recipe)],
        "qwen2" => [Norm("attn_norm", recipe.Width), .. Attention(recipe), .. Biases(recipe, withOutput: false), Norm("ffn_norm", recipe.Width), .. FeedForward(recipe)],
        "qwen3" or "qwen3moe" => [Norm("attn_norm", recipe.Width), .. Attention(recipe), .. HeadNorms(recipe), Norm("ffn_norm", recipe.Width), .. FeedForward(recipe)],
        "gemma2" => [Norm("attn_norm", recipe.Width), .. Attention(recipe), .. PostNorms(recipe), Norm("ffn_norm", recipe.Width), .. FeedForward(recipe)],
        "gemma3" => [Norm("attn_norm", recipe.Width), .. Attention(recipe), .. HeadNorms(recipe), .. PostNorms(recipe), Norm("ffn_norm", recipe.Width), .. FeedForward(recipe)],
        "olmo2" => [.. Attention(recipe), Norm("attn_q_norm", recipe.HeadElements * recipe.Heads), Norm("attn_k_norm", recipe.HeadElements * recipe.KvHeads), .. PostNorms(recipe), .. FeedForward(recipe)],
        "phi3" => [Norm("attn_norm", recipe.Width), .. Attention(recipe with { FusedAttention = true }), Norm("ffn_norm", recipe.Width),
            Matrix("ffn_up", recipe.Width, 2 * recipe.FeedForward), Matrix("ffn_down", recipe.FeedForward, recipe.Width)],
        "gpt2" or "starcoder2" => [.. LayerNorm("attn_norm", recipe.Width), .. Attention(recipe), .. Biases(recipe, withOutput: true), .. LayerNorm("ffn_norm", recipe.Width), .. PlainFeedForward(recipe)],
        "gpt-oss" => [Norm("attn_norm", recipe.Width), .. Attention(recipe), .. Biases(recipe, withOutput: true), Bias("attn_sinks.weight", recipe.Heads),
            Norm("post_attention_norm", recipe.Width), .. FeedForward(recipe), .. ExpertBiases(recipe)],
        "bert" => [.. Attention(recipe), .. Biases(recipe, withOutput: true), .. LayerNorm("attn_output_norm", recipe.Width), .. PlainFeedForward(recipe), .. LayerNorm("layer_output_norm", recipe.Width)],
        "nomic-bert" => [.. Attention(recipe with { FusedAttention = true }), .. LayerNorm("attn_output_norm", recipe.Width), .. FeedForward(recipe), .. LayerNorm("layer_output_norm", recipe.Width)],
        _ => throw new NotSupportedException($"Models of the architecture '{recipe.Architecture}' cannot be forged."),
    };

    private static IEnumerable<ForgedTensor> Attention(ModelRecipe recipe)
    {
        var (queries, keys) = (recipe.HeadElements * recipe.Heads, recipe.HeadElements * recipe.KvHeads);
        return recipe.FusedAttention
            ? [Matrix("attn_qkv", recipe.Width, queries + 2 * keys), Matrix("attn_output", queries, recipe.Width)]
            : [Matrix("attn_q", recipe.Width, queries), Matrix("attn_k", recipe.Width, keys), Matrix("attn_v", recipe.Width, keys), Matrix("attn_output", queries, recipe.Width)];
    }

    private static IEnumerable<ForgedTensor> Biases(ModelRecipe recipe, bool withOutput)
    {
        var (queries, keys) = (recipe.HeadElements * recipe.Heads, recipe.HeadElements * recipe.KvHeads);
        IEnumerable<ForgedTensor> biases = recipe.FusedAttention
            ? [Bias("attn_qkv.bias", queries + 2 * keys)]
            : [Bias("attn_q.bias", queries), Bias("attn_k.bias", keys), Bias("attn_v.bias", keys)];
        return withOutput ? [.. biases, Bias("attn_output.bias", recipe.Width)] : biases;
    }

    private static IEnumerable<ForgedTensor> HeadNorms(ModelRecipe recipe) => [Norm("attn_q_norm", recipe.HeadElements), Norm("attn_k_norm", recipe.HeadElements)];

    private static IEnumerable<ForgedTensor> PostNorms(ModelRecipe recipe) => [Norm("post_attention_norm", recipe.Width), Norm("post_ffw_norm", recipe.Width)];

    private static IEnumerable<ForgedTensor> FeedForward(ModelRecipe recipe) => recipe.Experts == 0
        ? [Matrix("ffn_gate", recipe.Width, recipe.FeedForward), Matrix("ffn_up", recipe.Width, recipe.FeedForward), Matrix("ffn_down", recipe.FeedForward, recipe.Width)]
        : [Matrix("ffn_gate_inp", recipe.Width, recipe.Experts), Experts("ffn_gate_exps", recipe.Width, recipe.FeedForward, recipe.Experts),
            Experts("ffn_up_exps", recipe.Width, recipe.FeedForward, recipe.Experts), Experts("ffn_down_exps", recipe.FeedForward, recipe.Width, recipe.Experts)];

    private static IEnumerable<ForgedTensor> PlainFeedForward(ModelRecipe recipe) =>
        [Matrix("ffn_up", recipe.Width, recipe.FeedForward), Bias("ffn_up.bias", recipe.FeedForward), Matrix("ffn_down", recipe.FeedForward, recipe.Width), Bias("ffn_down.bias", recipe.Width)];

    private static IEnumerable<ForgedTensor> ExpertBiases(ModelRecipe recipe) =>
    [
        Bias("ffn_gate_inp.bias", recipe.Experts), Bias("ffn_gate_exps.bias", recipe.FeedForward, recipe.Experts), Bias("ffn_up_exps.bias", recipe.FeedForward, recipe.Experts),
        Bias("ffn_down_exps.bias", recipe.Width, recipe.Experts),
    ];

    private static ForgedTensor Matrix(string name, int columns, int rows) => new($"{name}.weight", TensorRole.Matrix, new TensorShape(columns, rows));

    private static ForgedTensor Experts(string name, int columns, int rows, int experts) => new($"{name}.weight", TensorRole.Experts, new TensorShape(columns, rows, experts));

    private static ForgedTensor Table(string name, int columns, int rows) => new($"{name}.weight", TensorRole.Table, new TensorShape(columns, rows));

    private static ForgedTensor Norm(string name, int width) => new($"{name}.weight", TensorRole.Norm, new TensorShape(width));

    private static ForgedTensor Bias(string name, int width, int rows = 1) => new(name, TensorRole.Bias, new TensorShape(width, rows));

    private static IEnumerable<ForgedTensor> LayerNorm(string name, int width) => [Norm(name, width), Bias($"{name}.bias", width)];
}
