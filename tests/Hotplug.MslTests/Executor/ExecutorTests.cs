using Hotplug.Metal.Fake.Shaders;
using Hotplug.MslExecutor;
using Xunit;

namespace Hotplug.MslTests.Executor;

/// <summary>The executor keeps the rules of the language, and finds out who breaks them.</summary>
public sealed class ExecutorTests
{
    private const string Head = "#include <metal_stdlib>\nusing namespace metal;\n";

    private static MslLibrary Compile(string source, bool isChecked = true)
    {
        KernelRun.Require();
        return new MslCompiler(new ExecutorOptions { Checked = isChecked }).CompileSource(Head + source);
    }

    private static string Fault(string source, Action<KernelRun> bind, ulong groups = 1, ulong threads = 64, bool isChecked = true)
    {
        using var library = Compile(source, isChecked);
        using var run = new KernelRun(library, "k");
        bind(run);
        return Assert.Throws<ShaderFaultException>(() => run.Run(groups, threads)).Message;
    }

    private const string Scan = """
        // Inclusive sums by doubling: a barrier between reading and writing in every round.
        kernel void k(device const int* x [[buffer(0)]], device int* y [[buffer(1)]], uint i [[thread_position_in_threadgroup]], uint n [[threads_per_threadgroup]],
                      uint g [[threadgroup_position_in_grid]]) {
            threadgroup int part[1024];
            part[i] = x[g * n + i];
            threadgroup_barrier(mem_flags::mem_threadgroup);
            for (uint apart = 1; apart < n; apart *= 2) {
                int add = i >= apart ? part[i - apart] : 0;
                BARRIER
                part[i] += add;
                threadgroup_barrier(mem_flags::mem_threadgroup);
            }
            y[g * n + i] = part[i];
        }
        """;

    private const string Barrier = "threadgroup_barrier(mem_flags::mem_threadgroup);";

    [Theory]
    [InlineData(1, 0, true), InlineData(33, 1, true), InlineData(256, 2, true), InlineData(1024, 0, true), InlineData(1024, 7, false), InlineData(100, 3, false)]
    public void Barriers_in_loops_hold_for_every_order_of_threads(int threads, int seed, bool isChecked)
    {
        using var library = Compile(Scan.Replace("BARRIER", Barrier), isChecked);
        const int Groups = 3;
        var random = new Random(seed);
        var x = Enumerable.Range(0, threads * Groups).Select(_ => random.Next(-100, 100)).ToArray();
        using var run = new KernelRun(library, "k") { Seed = seed };
        run.Bind(0, x, readOnly: true).Room<int>(1, x.Length).Run(Groups, (ulong)threads);
        var expected = new int[x.Length];
        for (var i = 0; i < x.Length; i++) expected[i] = x[i] + (i % threads == 0 ? 0 : expected[i - 1]);
        Assert.Equal(expected, run.Read<int>(1));
    }

    [Fact]
    public void A_missing_barrier_is_a_race()
        => Assert.Contains("threadgroup memory", Fault(Scan.Replace("BARRIER", ""), run => run.Bind(0, new int[64]).Room<int>(1, 64)));

    [Fact]
    public void A_missing_barrier_shows_in_the_result_without_checks()
    {
        using var library = Compile(Scan.Replace("BARRIER", ""), isChecked: false);
        using var run = new KernelRun(library, "k");
        run.Bind(0, Enumerable.Repeat(1, 64).ToArray()).Room<int>(1, 64).Run(1, 64);
        Assert.NotEqual(Enumerable.Range(1, 64), run.Read<int>(1));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_barrier_that_some_threads_pass_by_is_found(bool isChecked)
    {
        var message = Fault("""
            kernel void k(device int* y [[buffer(0)]], uint i [[thread_position_in_threadgroup]]) {
                if (i < 16) threadgroup_barrier(mem_flags::mem_threadgroup);
                y[i] = int(i);
            }
            """, run => run.Room<int>(0, 64), isChecked: isChecked);
        Assert.Contains("part at a barrier", message);
        Assert.Contains("line 4", message);
    }

    [Fact]
    public void Two_barriers_are_not_one()
        => Assert.Contains("part at a barrier", Fault("""
            kernel void k(device int* y [[buffer(0)]], uint i [[thread_position_in_threadgroup]]) {
                if (i < 32) { y[i] = 1; threadgroup_barrier(mem_flags::mem_threadgroup); y[i] = 3; }
                else { y[i] = 2; threadgroup_barrier(mem_flags::mem_threadgroup); y[i] = 5; }
            }
            """, run => run.Room<int>(0, 64)));

    [Fact]
    public void A_simdgroup_function_that_some_lanes_pass_by_is_found()
        => Assert.Contains("simdgroup function", Fault("""
            kernel void k(device float* y [[buffer(0)]], uint i [[thread_position_in_threadgroup]]) {
                float x = float(i);
                if (i != 7) x = simd_sum(x);
                y[i] = x;
            }
            """, run => run.Room<float>(0, 64)));

    [Theory, InlineData(32), InlineData(64), InlineData(70)]
    public void Simdgroup_functions_combine_the_lanes_of_a_simdgroup(int threads)
    {
        using var library = Compile("""
            kernel void k(device const int* x [[buffer(0)]], device int* y [[buffer(1)]], uint i [[thread_index_in_threadgroup]], ushort lane [[thread_index_in_simdgroup]],
                          uint s [[simdgroup_index_in_threadgroup]], uint count [[simdgroups_per_threadgroup]], uint width [[threads_per_simdgroup]]) {
                int v = x[i];
                device int* to = y + i * 12;
                to[0] = simd_sum(v);
                to[1] = simd_max(v);
                to[2] = simd_min(v);
                to[3] = simd_broadcast(v, 3);
                to[4] = simd_shuffle_xor(v, 1);
                to[5] = simd_shuffle_down(v, 2);
                to[6] = simd_shuffle_up(v, 2);
                to[7] = int(simd_any(v == 5)) + 2 * int(simd_all(v >= 0));
                to[8] = int(s * 1000 + count);
                to[9] = int(lane * 100 + width);
                to[10] = int(simd_sum(float(v) * 0.5f));
                to[11] = simd_shuffle(short4(short(v)), ushort(lane / 2)).y;
            }
            """);
        var random = new Random(threads);
        var x = Enumerable.Range(0, threads).Select(_ => random.Next(1000)).ToArray();
        using var run = new KernelRun(library, "k");
        run.Bind(0, x, readOnly: true).Room<int>(1, 12 * threads).Run(1, (ulong)threads);
        var y = run.Read<int>(1);
        for (var i = 0; i < threads; i++)
        {
            var first = i / 32 * 32;
            var lanes = x[first..Math.Min(threads, first + 32)];
            var lane = i - first;
            int At(int other) => other >= 0 && other < lanes.Length ? lanes[other] : -1;
            int[] expected =
            [
                lanes.Sum(), lanes.Max(), lanes.Min(), At(3), At(lane ^ 1), At(lane + 2), At(lane - 2), (lanes.Contains(5) ? 1 : 0) + 2,
                first / 32 * 1000 + (threads + 31) / 32, lane * 100 + 32, (int)(lanes.Sum() * 0.5f), At(lane / 2),
            ];
            Assert.Equal(expected, y[(12 * i)..(12 * i + 12)]);
        }
    }

    [Fact]
    public void Built_in_positions_are_those_of_the_grid()
    {
        using var library = Compile("""
            struct Where { uint3 group, groups, thread_, size; uint2 grid; uint index; };
            kernel void k(device uint* y [[buffer(0)]], uint3 g [[threadgroup_position_in_grid]], uint3 n [[threadgroups_per_grid]], ushort3 t [[thread_position_in_threadgroup]],
                          uint3 size [[threads_per_threadgroup]], uint2 at [[thread_position_in_grid]], uint index [[thread_index_in_threadgroup]], uint3 all [[threads_per_grid]]) {
                uint group = (g.z * n.y + g.y) * n.x + g.x;
                device uint* to = y + 4 * (group * size.x * size.y * size.z + index);
                to[0] = at.x; to[1] = at.y; to[2] = uint(t.z) * 100 + uint(t.y) * 10 + uint(t.x); to[3] = all.z;
            }
            """);
        using var run = new KernelRun(library, "k");
        run.Room<uint>(0, 4 * 2 * 3 * 2 * 24).Run(new ShaderSize(2, 3, 2), new ShaderSize(4, 3, 2));
        var y = run.Read<uint>(0);
        for (uint group = 0; group < 12; group++)
            for (uint index = 0; index < 24; index++)
            {
                var (gx, gy, tx, ty, tz) = (group % 2, group / 2 % 3, index % 4, index / 4 % 3, index / 12);
                var at = (int)(4 * (group * 24 + index));
                Assert.Equal([gx * 4 + tx, gy * 3 + ty, tz * 100 + ty * 10 + tx, 4], y[at..(at + 4)]);
            }
    }

    [Fact]
    public void Templates_have_the_names_their_instances_are_given()
    {
        using var library = Compile("""
            struct Args { uint count; float factor; };
            template <typename T> [[max_total_threads_per_threadgroup(256)]] kernel void scale(constant Args& args [[buffer(0)]], device const T* x [[buffer(1)]], device T* y [[buffer(2)]],
                threadgroup float* shared [[threadgroup(0)]], uint i [[thread_position_in_grid]]) {
                threadgroup T tile[4][8];
                shared[0] = 1.0f;
                tile[0][0] = T(0);
                if (i < args.count) y[i] = T(args.factor) * x[i];
            }
            template [[host_name("scale_f32")]] kernel decltype(scale<float>) scale<float>;
            template [[host_name("scale_f16")]] kernel decltype(scale<half>) scale<half>;
            """, isChecked: false);
        Assert.Equal(["scale_f32", "scale_f16"], library.FunctionNames);
        var function = library["scale_f16"];
        Assert.Equal((nuint)128, function.StaticThreadgroupMemory);
        Assert.Equal(256, function.MaxThreadsPerThreadgroup);
        Assert.Equal([new() { Name = "args", Index = 0, Space = ShaderAddressSpace.Constant, Writable = false, Alignment = 4, MinLength = 8 },
            new() { Name = "x", Index = 1, Space = ShaderAddressSpace.Device, Writable = false, Alignment = 2, MinLength = 2 },
            new() { Name = "y", Index = 2, Space = ShaderAddressSpace.Device, Writable = true, Alignment = 2, MinLength = 2 },
            new() { Name = "shared", Index = 0, Space = ShaderAddressSpace.Threadgroup, Writable = true, Alignment = 4, MinLength = 4 }], function.Parameters);
        using var run = new KernelRun(library, "scale_f16");
        run.Bytes(0, (3u, 0.5f)).Bind(1, new[] { (Half)1, (Half)2, (Half)3, (Half)4 }).Bind(2, new Half[4]).Threadgroup(0, 16).Run(1, 4);
        Assert.Equal([(Half)0.5f, (Half)1, (Half)1.5f, (Half)0], run.Read<Half>(2));
    }

    private const string Store = "kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]], uint i [[thread_position_in_grid]]) { STATEMENT }";

    [Theory]
    [InlineData("y[i] = x[i + 1];", "reads 4 bytes at offset 256 of buffer 0")]
    [InlineData("y[i - 1] = x[i];", "writes 4 bytes")]
    [InlineData("y[i] = reinterpret_cast<device const float4*>(x + i)->w;", "of buffer 0, which has 256 bytes")]
    [InlineData("y[i & 62] = x[i];", "which thread 0 has written")]
    [InlineData("y[i] = y[63 - i];", "buffer 1")]
    [InlineData("const_cast<device float*>(x)[i] = 1.0f;", "buffer 0, which is bound for reading")]
    public void Accesses_that_must_not_be_are_found(string statement, string message)
        => Assert.Contains(message, Fault(Store.Replace("STATEMENT", statement), run => run.Bind(0, new float[64], readOnly: true).Room<float>(1, 64)));

    [Fact]
    public void Threadgroups_that_share_a_result_race()
        => Assert.Contains("another threadgroup", Fault("""
            kernel void k(device float* y [[buffer(0)]], uint g [[threadgroup_position_in_grid]]) { y[g / 2] = 1.0f; }
            """, run => run.Room<float>(0, 2), groups: 4, threads: 1));

    [Fact]
    public void What_was_touched_is_traced()
    {
        using var library = Compile(Store.Replace("STATEMENT", "if (i != 5) y[i] = x[2 * i];"));
        var trace = new Ranges();
        using var run = new KernelRun(library, "k") { Trace = trace };
        run.Bind(0, new float[16], readOnly: true).Room<float>(1, 8).Run(1, 8);
        Assert.Equal([4ul, 4, 4, 4, 4, 4, 4], trace.Reads);
        Assert.Equal([20ul, 8], trace.Writes);
    }

    [Fact]
    public void Deep_recursion_is_an_overflow_and_not_a_crash()
        => Assert.Contains("stack", Fault("""
            kernel void k(device float* y [[buffer(0)]], uint i [[thread_position_in_grid]]) {
                float large[17000];
                for (uint n = 0; n < 17000; n++) large[n] = y[n % 64];
                y[i] = large[uint(y[i]) % 17000];
            }
            """, run => run.Bind(0, new float[64]), threads: 1, isChecked: false));

    [Theory]
    [InlineData("kernel void k(device float* y [[buffer(0)]]) { y[0] = 0.5; }", "0.5f")]
    [InlineData("kernel void k(device float* y [[buffer(0)]]) { y[0] = undefined; }", "undefined")]
    [InlineData("kernel void k(device float* y) { }", "no attribute")]
    [InlineData("constant int n [[function_constant(0)]]; kernel void k(device float* y [[buffer(0)]]) { }", "function constants")]
    public void What_does_not_compile_says_why(string source, string why)
    {
        KernelRun.Require();
        var message = Assert.Throws<ShaderCompileException>(() => Compile(source)).Message;
        Assert.Contains(why, message);
        Assert.Contains("3", message);
    }

    [Theory]
    [InlineData("thread const float* p = x; y[i] = p[0];")]
    [InlineData("threadgroup float t[4]; device float* p = t; y[i] = p[0];")]
    public void The_lint_keeps_address_spaces(string body)
    {
        KernelRun.Require();
        Assert.Equal("", MslCompiler.Lint(Head + Store.Replace("STATEMENT", "device const float* p = x; y[i] = p[0];")));
        Assert.NotEqual("", MslCompiler.Lint(Head + Store.Replace("STATEMENT", body)));
    }

    [Fact]
    public void Groups_on_several_workers_give_the_same()
    {
        KernelRun.Require();
        using var library = new MslCompiler(new ExecutorOptions { Workers = 3 }).CompileSource(Head + Scan.Replace("BARRIER", Barrier));
        using var run = new KernelRun(library, "k");
        run.Bind(0, Enumerable.Repeat(1, 640).ToArray()).Room<int>(1, 640).Run(10, 64);
        Assert.Equal(Enumerable.Range(0, 640).Select(i => i % 64 + 1), run.Read<int>(1));
    }

    private sealed class Ranges : IShaderTrace
    {
        public List<ulong> Reads { get; } = [];
        public List<ulong> Writes { get; } = [];
        public void Read(nint address, nuint length) => Reads.Add(length);
        public void Write(nint address, nuint length) => Writes.Add(length);
    }
}
