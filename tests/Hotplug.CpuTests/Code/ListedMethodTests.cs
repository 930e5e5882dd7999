using Xunit;

namespace Hotplug.CpuTests.Code;

/// <summary>The reader of listings finds what it is there to find, and nothing else.</summary>
public sealed class ListedMethodTests
{
    private const string Listing = """
        ; Assembly listing for method A.B:C(ptr) (FullOpts)
        ; rbp based frame

        G_M000_IG01:                ;; offset=0x0000
               push     rbp
               vmovups  ymmword ptr [rbp-0x20], ymm6

        G_M000_IG02:                ;; offset=0x0004
               xor      eax, eax

        G_M000_IG03:                ;; offset=0x0013
               OUTER

        G_M000_IG04:                ;; offset=0x0025
               vmovups  ymm5, ymmword ptr [rdi+r9]
               vbroadcastss ymm7, dword ptr [rbp+0x10]
               INNER
               jl       SHORT G_M000_IG04

        G_M000_IG05:                ;; offset=0x0088
               jmp      SHORT G_M000_IG03

        G_M000_IG06:                ;; offset=0x0090
               call     CORINFO_HELP_RNGCHKFAIL
               ret
        ; Total bytes of code 158

        ; Assembly listing for method A.B:D() (Tier0)
               ret
        ; Total bytes of code 1
        """;

    [Fact]
    public void Prologue_arguments_and_cold_code_do_not_matter()
    {
        var methods = Read("nop", "nop");
        Assert.Equal(["A.B:C(ptr) (FullOpts)", "A.B:D() (Tier0)"], methods.Select(m => m.Name));
        Assert.Equal([true, false], methods.Select(m => m.IsOptimized));
        Assert.Equal([true, false], methods[0].Loops.Select(l => l.IsInnermost));
        Assert.Empty(methods[0].Calls);
        Assert.Empty(methods[0].Spills);
    }

    [Theory]
    [InlineData("nop", "vmovups  ymmword ptr [rbp-0x60], ymm3")]
    [InlineData("nop", "vpaddd   ymm1, ymm2, ymmword ptr [rsp+0x40]")]
    [InlineData("call     [System.MathF:Exp(float):float]", "nop")]
    [InlineData("nop", "call     rax")]
    public void Spills_of_inner_loops_and_calls_of_any_are_found(string outer, string inner)
    {
        var method = Read(outer, inner)[0];
        Assert.Single(method.Calls.Concat(method.Spills));
    }

    [Fact]
    public void Outer_loops_may_keep_vectors_on_the_stack() => Assert.Empty(Read("vmovups  ymm1, ymmword ptr [rbp-0x60]", "nop")[0].Spills);

    [Fact]
    public void Methods_listed_at_the_same_time_are_named_and_not_read()
    {
        var mixed = new List<string>();
        var both = Listing.Replace("; Total bytes of code 158", "") + "\n; Total bytes of code 158";
        var after = Listing.Replace("A.B:C", "A.B:E").Replace("A.B:D", "A.B:F");
        var read = ListedMethod.Read(Lines(both + "\n" + after), mixed).ToList();
        Assert.Equal(["A.B:C(ptr) (FullOpts)", "A.B:D() (Tier0)"], mixed);
        Assert.Equal(["A.B:E(ptr) (FullOpts)", "A.B:F() (Tier0)"], read.Select(m => m.Name));
    }

    private static List<ListedMethod> Read(string outer, string inner)
        => [.. ListedMethod.Read(Lines(Listing.Replace("OUTER", outer).Replace("INNER", inner)), [])];

    private static string[] Lines(string listing) => listing.Split('\n');
}
