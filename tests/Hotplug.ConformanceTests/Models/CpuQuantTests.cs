using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Every type on every instruction set of the processor, alone and with work shared out.</summary>
[Collection("Models on cpu")]
public sealed class CpuQuantTests(CpuHosts hosts) : IClassFixture<CpuHosts>
{
    public static MatrixTheoryData<string, string, int> Settings => new(QuantTests.Types, ["avx512", "avx2", "vector128"], [1, 2]);

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Rows_and_logits_are_those_of_the_reference(string type, string isa, int threads)
    {
        var host = await hosts.GetAsync(isa, threads);
        await QuantTests.RowsAreEqual(host, type, "cpu");
        await QuantTests.LogitsAreNear(host, type, "cpu");
    }

    public static MatrixTheoryData<string, string> EightBitSettings => new(EightBitTypes, ["avx512", "avx2", "vector128"]);

    // Those that are multiplied by quantised activations.
    private static readonly string[] EightBitTypes = ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K_S", "Q5_K_S", "Q6_K", "Q2_K", "Q3_K_S", "IQ4_NL", "IQ4_XS", "MXFP4"];

    [Theory]
    [MemberData(nameof(EightBitSettings))]
    public async Task Logits_with_activations_of_eight_bits_are_as_good_as_those_of_llama_cpp(string type, string isa)
        => await QuantTests.LogitsAreNear(await hosts.GetAsync(isa, 2, 8), type, "cpu");
}
