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
}
