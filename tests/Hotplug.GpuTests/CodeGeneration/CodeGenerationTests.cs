using Hotplug.Gpu.Kernels;
using ILGPU;
using Xunit;

namespace Hotplug.GpuTests.CodeGeneration;

/// <summary>Every kernel through the back ends of the devices that the plugin is for, without such a device.</summary>
public sealed class CodeGenerationTests(CompilerBed bed) : IClassFixture<CompilerBed>
{
    public static TheoryData<string> Kernels => [.. KernelCatalog.Kernels.Select(entry => entry.Name)];

    private static KernelEntry Entry(string name) => KernelCatalog.Kernels.Single(entry => entry.Name == name);

    [Theory, MemberData(nameof(Kernels))]
    public void Ptx_is_made(string kernel)
    {
        var entry = Entry(kernel);
        foreach (var target in (string[])["sm_80", "sm_90"])
        {
            var ptx = bed.Ptx(entry.Method, target);
            // ILGPU names the oldest target that has all it uses, sm_80 for sm_90.
            Assert.Contains(".target sm_", ptx, StringComparison.Ordinal);
            Assert.Contains(".visible .entry", ptx, StringComparison.Ordinal);
            // Four byte products are one instruction, where they are used and nowhere else.
            Assert.True(entry.Dot4 == ptx.Contains("dp4a.s32.s32", StringComparison.Ordinal), $"{kernel} should {(entry.Dot4 ? "" : "not ")}contain dp4a:\n{ptx}");
            // An array of a lane's own, or a structure that did not fit registers, is slow memory.
            Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain(".f64", ptx, StringComparison.Ordinal);
            // Rounding is to the nearest, and subnormal numbers are kept.
            Assert.DoesNotContain(".approx", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain(".ftz", ptx, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void OpenCl_source_is_made(string kernel)
    {
        var source = bed.OpenCl(Entry(kernel).Method);
        Assert.Contains("kernel void", source, StringComparison.Ordinal);
        Assert.DoesNotContain("double", source, StringComparison.Ordinal);
        Assert.DoesNotContain("sub_group", source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clang_accepts_all_OpenCl_source()
        => Assert.Equal("", await Clang.CheckAsync(KernelCatalog.Kernels.Select(entry => (entry.Name, bed.OpenCl(entry.Method)))));

    [Fact]
    public async Task Clang_refuses_broken_source()
    {
        var entry = KernelCatalog.Kernels[0];
        var source = bed.OpenCl(entry.Method);
        var broken = source[..source.LastIndexOf('}')] + "undeclared_function_of_nobody(1);\n}\n";
        var errors = await Clang.CheckAsync([(entry.Name, source), ("broken", broken)]);
        Assert.Contains("broken.cl", errors, StringComparison.Ordinal);
        Assert.Contains("undeclared_function_of_nobody", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(entry.Name + ".cl", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_device_cannot_run_is_refused()
        => Assert.ThrowsAny<Exception>(() => bed.Ptx(((Action<Arguments>)Throws).Method, "sm_80"));

    [Fact]
    public void Slow_memory_and_byte_products_are_seen()
    {
        var ptx = bed.Ptx(((Action<Arguments>)Slow).Method, "sm_80");
        Assert.Contains(".local", ptx, StringComparison.Ordinal);
        Assert.Contains("dp4a.s32.s32", ptx, StringComparison.Ordinal);
    }

    /// <summary>What the controls are given.</summary>
    public struct Arguments
    {
        public ArrayView<int> Values;
    }

    private static void Throws(Arguments a) => a.Values[0] = new List<int> { 1 }.Count;

    private static void Slow(Arguments a)
    {
        var own = LocalMemory.Allocate<int>(32);
        for (var i = 0; i < 32; i++) own[i] = a.Values[i];
        a.Values[0] = Dot4.Add(own[a.Values[33] & 31], own[a.Values[34] & 31], 0);
    }
}
