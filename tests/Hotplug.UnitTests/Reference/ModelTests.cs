using System.Text.Json;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Gguf;
using Hotplug.Reference.Execution;
using Xunit;

namespace Hotplug.UnitTests.Reference;

/// <summary>Whole models in the interpreter against logits that were computed elsewhere.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData("llama"), InlineData("llama-tied-mha"), InlineData("llama-rope31"), InlineData("llama-linear-rope"), InlineData("llama-yarn")]
    public void Logits_of_every_position_equal_the_published_ones(string name)
    {
        var expected = SharedMaterial.Floats("conformance", "architectures", $"{name}.f32.logits.f32");
        var prompt = Prompt("architectures", $"{name}.f32.json");
        var actual = Run(SharedMaterial.File("conformance", "architectures", $"{name}.f32.gguf"), prompt, split: prompt.Length);
        Assert.InRange(Error(expected, actual), 0, 1e-9);
    }

    [Theory]
    [InlineData("F16"), InlineData("BF16"), InlineData("Q8_0"), InlineData("Q4_0"), InlineData("Q4_1"), InlineData("Q5_0"), InlineData("Q5_1")]
    [InlineData("Q4_K_S"), InlineData("Q5_K_S"), InlineData("Q6_K")]
    public void Quantised_models_give_the_exact_logits(string type)
    {
        var expected = SharedMaterial.Floats("conformance", "quants", $"llama.{type}.logits.f32");
        var prompt = Prompt("quants", $"llama.{type}.json");
        Assert.InRange(Error(expected, Run(SharedMaterial.File("conformance", "quants", $"llama.{type}.gguf"), prompt, split: prompt.Length)), 0, 1e-9);
    }

    [Fact]
    public void Steps_of_one_token_give_what_one_step_gives()
    {
        var path = SharedMaterial.File("conformance", "architectures", "llama.f32.gguf");
        var prompt = Prompt("architectures", "llama.f32.json");
        Assert.InRange(Error(Run(path, prompt, prompt.Length), Run(path, prompt, split: 1)), 0, 1e-20);
    }

    private static int[] Prompt(string folder, string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedMaterial.File("conformance", folder, file)));
        return [.. document.RootElement.GetProperty("prompt").EnumerateArray().Select(id => id.GetInt32())];
    }

    private static double[] Run(string path, int[] prompt, int split)
    {
        var model = ArchitectureCatalog.Default.Describe(GgufFile.Open(path));
        var bytes = File.ReadAllBytes(path);
        var cache = new ReferenceKvCache(new()
        {
            PageTokens = 16,
            Layers = [.. model.Graph.KvLayers.Select(layer => new KvLayerSpec
            {
                Layer = layer.Layer, Heads = layer.Heads, KeyWidth = layer.KeyWidth, ValueWidth = layer.ValueWidth, KeyType = TensorType.F32, ValueType = TensorType.F32,
            })],
        }, prompt.Length / 16 + 1);
        var slice = new GraphSlice
        {
            Operations = [.. model.Graph.Nodes.Select(node => node.Operation)],
            Weights = model.Graph.Weights,
            Inputs = [],
            Outputs = [model.Graph.Output],
            Bounds = new() { Tokens = split, OutputRows = split, Sequences = 1, Context = prompt.Length },
        };
        var interpreter = new ReferenceInterpreter(slice, weight =>
        {
            var spec = weight.Resolve(default(StepBounds));
            return ReferenceWeight.FromBytes(spec, bytes.AsSpan((int)model.Weights[weight].Offset, (int)spec.ByteLength));
        });
        var logits = new List<double>();
        for (var start = 0; start < prompt.Length; start += split)
        {
            var rows = Math.Min(split, prompt.Length - start);
            logits.AddRange(interpreter.Run(new ReferenceStep
            {
                TokenIds = prompt.AsMemory(start, rows),
                Positions = Enumerable.Range(start, rows).ToArray(),
                OutputRows = Enumerable.Range(0, rows).ToArray(),
                Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = rows, CachedLength = start, PageCount = prompt.Length / 16 + 1 } },
                Pages = Enumerable.Range(0, prompt.Length / 16 + 1).ToArray(),
            }, cache)[0]);
        }
        return [.. logits];
    }

    private static double Error(IEnumerable<float> expected, double[] actual) => Error([.. expected.Select(e => (double)e)], actual);

    private static double Error(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(a => a * a);
    }
}
