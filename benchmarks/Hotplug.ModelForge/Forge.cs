using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;

namespace Hotplug.ModelForge;

/// <summary>Makes model files of random weights: for tests of architectures, shapes and types, and for measurements of models that need not make sense. Safe from any thread.</summary>
public static class Forge
{
    /// <summary>Writes a model.</summary>
    /// <param name="recipe">What it is like.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="NotSupportedException">The architecture, or a type of tensor, cannot be made.</exception>
    public static void Write(ModelRecipe recipe, string path)
    {
        using var stream = File.Create(path);
        Write(recipe, stream);
    }

    /// <summary>Writes a model.</summary>
    /// <exception cref="NotSupportedException">The architecture, or a type of tensor, cannot be made.</exception>
    public static void Write(ModelRecipe recipe, Stream stream)
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", recipe.Architecture);
        // Loaders look into names for models that need special treatment.
        writer.Add("general.name", "forged");
        var metadata = Metadata(recipe);
        foreach (var (key, value) in recipe.Metadata) metadata[key] = value;
        foreach (var (key, value) in metadata) writer.Add($"{recipe.Architecture}.{key}", value);
        ForgedVocabulary.Write(writer, recipe.Vocabulary);
        if (recipe.Architecture is "bert" or "nomic-bert") writer.Add("tokenizer.ggml.token_type_count", 2);
        foreach (var tensor in ArchitectureTensors.Of(recipe))
        {
            var spec = new TensorSpec { Name = tensor.Name, Type = Type(recipe, tensor), Shape = tensor.Shape };
            writer.Add(spec, target => RandomTensor.Write(spec, tensor.Role, recipe.Seed, recipe.DistinctRows, target));
        }
        writer.Write(stream);
    }

    private static Dictionary<string, object> Metadata(ModelRecipe recipe)
    {
        var hasLayerNorm = recipe.Architecture is "gpt2" or "starcoder2" or "bert" or "nomic-bert";
        var metadata = new Dictionary<string, object>
        {
            ["vocab_size"] = recipe.Vocabulary,
            ["context_length"] = recipe.Context,
            ["embedding_length"] = recipe.Width,
            ["block_count"] = recipe.Blocks,
            ["feed_forward_length"] = recipe.FeedForward,
            ["attention.head_count"] = recipe.Heads,
            ["attention.head_count_kv"] = recipe.KvHeads,
            [hasLayerNorm ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"] = 1e-5f,
        };
        if (recipe.HeadWidth > 0)
            metadata["attention.key_length"] = metadata["attention.value_length"] = recipe.HeadWidth;
        if (recipe.Architecture is not ("gpt2" or "bert")) metadata["rope.dimension_count"] = recipe.HeadElements;
        if (recipe.Experts > 0)
        {
            metadata["expert_count"] = recipe.Experts;
            metadata["expert_used_count"] = recipe.ExpertsUsed;
            metadata["expert_feed_forward_length"] = recipe.FeedForward;
        }
        if (recipe.Architecture is "bert" or "nomic-bert")
        {
            metadata["attention.causal"] = false;
            metadata["pooling_type"] = 1;
        }
        if (recipe.Architecture is "granite" or "granitemoe") metadata["logit_scale"] = 4f;
        if (recipe.Architecture is "gpt-oss" or "gemma2" or "gemma3") metadata["attention.sliding_window"] = 8;
        return metadata;
    }

    private static TensorType Type(ModelRecipe recipe, ForgedTensor tensor)
    {
        var type = tensor.Role switch
        {
            TensorRole.Matrix when tensor.Name == "output.weight" => recipe.OutputType ?? recipe.Type,
            TensorRole.Matrix => recipe.Type,
            TensorRole.Experts => recipe.ExpertType ?? recipe.Type,
            TensorRole.Table when tensor.Name == "token_embd.weight" => recipe.EmbeddingType ?? recipe.Type,
            _ => TensorType.F32,
        };
        return tensor.Shape.D0 % type.BlockLength() == 0 ? type : TensorType.F32;
    }
}
