using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Adapters;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Models;
using Hotplug.ModelForge;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Placement;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>LoRA adapters: which are refused, and that they lie where the model does.</summary>
[Collection("Models")]
public sealed class LoraTests(ConformanceHost host) : IClassFixture<ConformanceHost>, IDisposable
{
    private static readonly ModelRecipe Llama = new() { Architecture = "llama", Seed = 41 };

    private readonly string _folder = Directory.CreateTempSubdirectory("hotplug-lora-").FullName;

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var tied = Llama with { TiedOutput = true, Seed = 42 };
        Refused("'qwen2'", new() { Model = Llama with { Architecture = "qwen2" }, Targets = ["blk.0.attn_q.weight"] });
        Refused("blk.1.ffn_down.weight.lora_a", new() { Model = Llama with { FeedForward = 128 }, Targets = ["blk.1.ffn_down.weight"] });
        Refused("blk.0.attn_k.weight.lora_b", new() { Model = Llama with { KvHeads = 4 }, Targets = ["blk.0.attn_k.weight"] });
        Refused("no tensor blk.2.attn_q.weight", new() { Model = Llama with { Blocks = 3 }, Targets = ["blk.2.attn_q.weight"] });
        Refused("nothing is multiplied with blk.0.attn_norm.weight", new() { Model = Llama, Targets = ["blk.0.attn_norm.weight"] });
        Refused("token_embd.weight.lora_a", new() { Model = tied, Targets = ["token_embd.weight"] }, tied);
        Refused("aLoRA", new() { Model = Llama, Metadata = new Dictionary<string, object> { ["adapter.alora.invocation_tokens"] = 5 } });
        Refused("'control_vector'", new() { Model = Llama, Metadata = new Dictionary<string, object> { ["adapter.type"] = "control_vector" } });
        Refused("of type 'model'", new() { Model = Llama, Metadata = new Dictionary<string, object> { ["general.type"] = "model" } });
        Refused("the adapter has none", new() { Model = Llama, Targets = [] });
    }

    [Theory]
    [InlineData("style.gguf", "style.gguf", 1f), InlineData("style.gguf:0.25", "style.gguf", 0.25f), InlineData("C:\\a\\style.gguf", "C:\\a\\style.gguf", 1f), InlineData("a:b:-2", "a:b", -2f)]
    public void A_multiplier_is_what_follows_the_last_colon_if_it_is_a_number(string text, string path, float multiplier)
        => Assert.Equal(new LoraReference(path, multiplier), LoraReference.Parse(text));

    [Theory]
    [InlineData(""), InlineData(":2"), InlineData("a.gguf:NaN"), InlineData("a.gguf:1e99")]
    public void A_multiplier_that_is_none_is_refused(string text) => Assert.Throws<FormatException>(() => LoraReference.Parse(text));

    [Fact]
    public async Task Adapters_are_mapped_and_base_and_adapter_lie_where_they_are_asked_to()
    {
        var path = Model(Llama with { Type = TensorType.Q8_0 });
        var adapter = Adapter(new() { Model = Llama, Type = TensorType.F16, Rank = 8 });
        using var model = await host.LoadAsync(path, "cpu", adapters: [new(adapter, 0.5f)]);
        var plan = model.Model.Executor.Plan;
        var lora = plan.Composition.Tensors.Where(t => t.Spec.Name.Contains(".lora_", StringComparison.Ordinal)).ToList();
        Assert.Equal(2 * (7 * Llama.Blocks + 1), lora.Count);
        Assert.All(lora, t => Assert.Equal((1, MapFate.Mapped, TensorType.F16), (t.File, t.Map, t.Spec.Type)));
        Assert.Contains(plan.Composition.Tensors, t => t.Spec is { Name: "blk.0.attn_q.weight", Type: TensorType.Q8_0 });

        // Elsewhere the adapter goes along, and the rows are the same: devices of the same numbers.
        int[] prompt = [1, 20, 30, 40, 50, 60, 70];
        var before = model.Append(prompt, prompt.Length);
        await model.Model.PlaceAsync(new() { Backend = "cpu", Rules = [PlacementRule.Parse("blk.1.*=far")] }, cancellation: TestContext.Current.CancellationToken);
        Assert.All(model.Model.Executor.Plan.Weights.Where(w => w.Weight.Name.StartsWith("blk.1.", StringComparison.Ordinal)), w => Assert.Equal("far", w.Device.Backend));
        using var sequence = model.Model.Executor.NewSequence();
        var batch = new Runtime.Execution.StepBatch();
        batch.Add(sequence, prompt, 1);
        model.Model.Executor.Run(batch, TestContext.Current.CancellationToken);
        Logits.Near(1e-6, before.AsSpan(before.Length - 320), model.Model.Executor.Output(0), "elsewhere");
    }

    [Fact]
    public async Task A_multiplier_of_0_leaves_the_model_as_it_is_and_another_makes_it_another_model()
    {
        var path = Model(Llama);
        var adapter = Adapter(new() { Model = Llama });
        int[] prompt = [1, 20, 30];
        using var bare = await host.LoadAsync(path, "cpu");
        using var without = await host.LoadAsync(path, "cpu", adapters: [new(adapter, 0)]);
        using var with = await host.LoadAsync(path, "cpu", adapters: [new(adapter)]);
        Assert.Equal(bare.Append(prompt).ToArray(), without.Append(prompt).ToArray());
        Assert.NotEqual(bare.Append(prompt).ToArray(), with.Append(prompt).ToArray());
        Assert.NotEqual(bare.Model.Identity, with.Model.Identity);
        Assert.NotEqual(without.Model.Identity, with.Model.Identity);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Refused(string expected, AdapterRecipe recipe, ModelRecipe? model = null)
    {
        var adapter = Adapter(recipe);
        Assert.Contains(expected, Assert.Throws<GgufException>(() => ModelSource.Open(Model(model ?? Llama), [new(adapter)])).Message);
    }

    private string Model(ModelRecipe recipe)
    {
        var path = Path.Combine(_folder, $"model-{recipe.Seed}-{recipe.Type}.gguf");
        if (!File.Exists(path)) Forge.Write(recipe, path);
        return path;
    }

    private string Adapter(AdapterRecipe recipe)
    {
        var path = Path.Combine(_folder, $"adapter-{Guid.NewGuid():N}.gguf");
        AdapterForge.Write(recipe, path);
        return path;
    }
}
