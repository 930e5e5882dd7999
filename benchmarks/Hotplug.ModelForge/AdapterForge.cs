using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;

namespace Hotplug.ModelForge;

/// <summary>Makes LoRA adapters of random matrices for forged models. Safe from any thread.</summary>
public static class AdapterForge
{
    /// <summary>Writes an adapter.</summary>
    /// <param name="recipe">What it is like.</param>
    /// <param name="path">The file.</param>
    public static void Write(AdapterRecipe recipe, string path)
    {
        var writer = new GgufWriter();
        var metadata = new Dictionary<string, object>
        {
            ["general.architecture"] = recipe.Model.Architecture, ["general.type"] = "adapter", ["general.name"] = "forged", ["adapter.type"] = "lora",
        };
        if (recipe.Alpha is { } alpha) metadata["adapter.lora.alpha"] = alpha;
        foreach (var (key, value) in recipe.Metadata) metadata[key] = value;
        foreach (var (key, value) in metadata) writer.Add(key, value);
        foreach (var tensor in ArchitectureTensors.Of(recipe.Model))
        {
            if (!(recipe.Targets?.Contains(tensor.Name) ?? tensor.Role is TensorRole.Matrix or TensorRole.Experts)) continue;
            var shape = tensor.Shape;
            // Of an embedding A has the rows.
            var (a, b) = tensor.Role == TensorRole.Table
                ? (new TensorShape(recipe.Rank, shape.D1), new TensorShape(recipe.Rank, shape.D0))
                : (new TensorShape(shape.D0, recipe.Rank, shape.D2), new TensorShape(recipe.Rank, shape.D1, shape.D2));
            Add($"{tensor.Name}.lora_a", a);
            Add($"{tensor.Name}.lora_b", b);
        }
        using var stream = File.Create(path);
        writer.Write(stream);

        void Add(string name, TensorShape shape)
        {
            var spec = new TensorSpec { Name = name, Type = shape.D0 % recipe.Type.BlockLength() == 0 ? recipe.Type : TensorType.F32, Shape = shape };
            writer.Add(spec, target => RandomTensor.Write(spec, TensorRole.Matrix, recipe.Seed, 0, target));
        }
    }
}
