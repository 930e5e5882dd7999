using Hotplug.Metal.Fake;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.MetalTests.Fakes;
using Hotplug.MslExecutor;
using Xunit;

namespace Hotplug.MetalTests.Double;

/// <summary>Deliberate defects of kernels, written as kernels are: compiled behind the binding and run by the double, which says what is wrong.</summary>
public sealed class ShaderDefectTests
{
    private const string AddOne = """
        #include <metal_stdlib>
        using namespace metal;
        kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]], uint i [[thread_position_in_grid]]) { y[i] = x[i] + 1; }
        """;

    private const string Swap = """
        #include <metal_stdlib>
        using namespace metal;
        kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]], uint i [[thread_position_in_threadgroup]]) {
            threadgroup float part[64];
            part[i] = x[i];
            BARRIER
            y[i] = part[63 - i];
        }
        """;

    private const string Copy = """
        #include <metal_stdlib>
        using namespace metal;
        kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]], uint i [[thread_position_in_threadgroup]]) {
            BARRIER
            y[i] = x[i];
        }
        """;

    private const string Barrier = "threadgroup_barrier(mem_flags::mem_threadgroup);";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_barrier_between_dispatches(bool missing)
    {
        using var bench = Checked();
        var add = bench.Pipeline("k", AddOne);
        var (a, b, c) = (Numbers(bench), bench.Floats(new float[64]), bench.Floats(new float[64]));
        bench.Run(MTLDispatchType.Concurrent, e =>
        {
            e.SetPipeline(add);
            e.SetBuffer(0, a, 0);
            e.SetBuffer(1, b, 0);
            e.Dispatch(new(1), new(64));
            if (!missing) e.Barrier(b);
            e.SetBuffer(0, b, 0);
            e.SetBuffer(1, c, 0);
            e.Dispatch(new(1), new(64));
        });
        if (missing) bench.Single(ViolationKind.MissingBarrier);
        else Assert.Equal(Enumerable.Range(2, 64).Select(i => (float)i), Bench.Values(c).ToArray());
    }

    [Theory]
    [InlineData(Barrier, null)]
    [InlineData("", "threadgroup memory")]
    public void A_missing_barrier_of_a_threadgroup(string barrier, string? defect) => Check(Swap.Replace("BARRIER", barrier), defect, i => 63 - i);

    [Theory]
    [InlineData(Barrier, null)]
    [InlineData($"if (i < 40) {Barrier}", "part at a barrier")]
    public void A_barrier_that_some_threads_pass_by(string barrier, string? defect) => Check(Copy.Replace("BARRIER", barrier), defect, i => i);

    [Fact]
    public void A_thread_beside_its_buffer()
    {
        using var bench = Checked();
        var add = bench.Pipeline("k", AddOne);
        var (x, y) = (Numbers(bench), bench.Floats(new float[64]));
        var commands = bench.Run(MTLDispatchType.Serial, e =>
        {
            e.SetPipeline(add);
            e.SetBuffer(0, x, 4);
            e.SetBuffer(1, y, 0);
            e.Dispatch(new(1), new(64));
        });
        Assert.Equal(MTLCommandBufferStatus.Error, commands.Status);
        Assert.Contains("reads 4 bytes at offset 252 of buffer 0", bench.Single(ViolationKind.Kernel).Text);
    }

    private static void Check(string source, string? defect, Func<int, float> expected)
    {
        using var bench = Checked();
        var kernel = bench.Pipeline("k", source);
        var (x, y) = (Numbers(bench), bench.Floats(new float[64]));
        var commands = bench.Run(MTLDispatchType.Serial, e =>
        {
            e.SetPipeline(kernel);
            e.SetBuffer(0, x, 0);
            e.SetBuffer(1, y, 0);
            e.Dispatch(new(1), new(64));
        });
        Assert.Equal(defect is null ? MTLCommandBufferStatus.Completed : MTLCommandBufferStatus.Error, commands.Status);
        if (defect is null) Assert.Equal(Enumerable.Range(0, 64).Select(expected), Bench.Values(y).ToArray());
        else Assert.Contains(defect, bench.Single(ViolationKind.Kernel).Text);
    }

    private static Bench Checked()
    {
        Assert.SkipWhen(Toolchain.Current.Unavailable is not null, Toolchain.Current.Unavailable ?? "");
        return new(new() { Compiler = new MslCompiler(new() { Checked = true }) });
    }

    private static MetalBuffer Numbers(Bench bench) => bench.Floats([.. Enumerable.Range(0, 64).Select(i => (float)i)]);
}
