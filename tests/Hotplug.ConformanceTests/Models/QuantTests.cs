using Hotplug.Inference.Gguf;
using Hotplug.Inference.Models;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Tiny models with every matrix of one type: rows are dequantised to the last bit, and logits are nearly as good as those of llama.cpp, or better.</summary>
[Collection("Models on cpu")]
public sealed class QuantTests(ConformanceHost host) : IClassFixture<ConformanceHost>
{
    internal static readonly string[] Types = ["F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K_S", "Q5_K_S", "Q6_K"];

    public static TheoryData<string, string> Backends => Of("cpu", "far");

    public static TheoryData<string, string> Places => Of("cpu", "far", "cpu --place blk.*.ffn_*=far");

    [Theory]
    [MemberData(nameof(Backends))]
    public Task Rows_are_equal_to_the_last_bit(string type, string backend) => RowsAreEqual(host, type, backend);

    [Theory]
    [MemberData(nameof(Places))]
    public Task Logits_are_as_good_as_those_of_llama_cpp(string type, string placement)
        // Where activations are not quantised, nothing is left but rounding.
        => LogitsAreNear(host, type, placement, placement == "far" ? 1e-9 : null);

    internal static async Task RowsAreEqual(ConformanceHost host, string type, string backend)
    {
        var expected = ReferenceCase.Floats(Material.Path("quants", $"llama.{type}.ffn_gate_rows8.f32"));
        var file = GgufFile.Open(Material.Path("quants", $"llama.{type}.gguf"));
        Assert.True(file.TryFindTensor("blk.0.ffn_gate.weight", out var tensor));
        var actual = new List<float>();
        await TensorRows.ReadAsync(host.Host, file, tensor, backend, 8, row => actual.AddRange(row), TestContext.Current.CancellationToken);
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
    }

    /// <param name="host">Loads the model.</param>
    /// <param name="type">Type of its matrices.</param>
    /// <param name="placement">Where it lies.</param>
    /// <param name="limit">The normalised squared error that is allowed; null for what llama.cpp's error allows.</param>
    /// <param name="tokens">How much of the prompt; null for all.</param>
    internal static async Task LogitsAreNear(ConformanceHost host, string type, string placement, double? limit = null, int? tokens = null)
    {
        var reference = ReferenceCase.Read("quants", $"llama.{type}");
        Assert.True(reference.PeerError > 0);
        using var model = await host.LoadAsync(Material.Path("quants", $"llama.{type}.gguf"), placement);
        var prompt = reference.Prompt.AsMemory(0, tokens ?? reference.Prompt.Length);
        var logits = reference.Logits.AsMemory(0, prompt.Length * model.Model.Executor.OutputColumns);
        // Kernels of their own evaluate many tokens, few, and one.
        foreach (var tokensPerStep in (int[])[64, 3, 1])
        {
            Logits.Near(limit ?? 1.5 * reference.PeerError, logits.Span, model.Append(prompt.Span, tokensPerStep), $"{tokensPerStep} tokens per step");
            model.Restart();
        }
    }

    private static TheoryData<string, string> Of(params string[] places)
    {
        var data = new TheoryData<string, string>();
        foreach (var place in places)
            foreach (var type in Types) data.Add(type, place);
        return data;
    }
}
