using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Metal;
using Hotplug.Metal.Fake;
using Hotplug.MetalTests.Contract;
using Hotplug.MslExecutor;
using Hotplug.Testing.Hosting;
using Xunit;

namespace Hotplug.MetalTests.Backend;

/// <summary>What a backend says of itself and of devices it cannot use.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Elsewhere_it_says_that_there_is_no_Metal()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "Only where there is no Metal.");
        using var host = new TestPluginHost(threadBudget: 1);
        await using var plugin = new MetalPlugin();
        var probe = plugin.Probe(host);
        Assert.Equal(0, probe.Score);
        Assert.StartsWith("not available: Metal is a part of 64-bit macOS", Assert.Single(probe.Reasons));
        Assert.Contains("macOS", Assert.Throws<UnsupportedException>(() => { _ = plugin.CreateAsync(host, new Dictionary<string, string>(), CancellationToken.None); }).Message);
    }

    [Fact]
    public async Task A_device_that_lacks_what_kernels_need_is_refused_with_the_reason()
    {
        await Refused(new FakeOptions { Families = [1005, 1006] }, "simdgroup");
        await Refused(new FakeOptions { Encodings = new Dictionary<string, string> { ["commit"] = "q16@0:8" } }, "commit");
        await Refused(new FakeOptions { Devices = 0 }, "no graphics processor");
        await Refused(new FakeOptions { Compiler = null }, "compile");
    }

    [Fact]
    public async Task Order_of_preference_goes_by_the_memory()
    {
        await using var unified = await ResidencyTests.Start(new UnifiedFixture());
        await using var discrete = await ResidencyTests.Start(new DiscreteFixture());
        Assert.Equal(["metal.mapped", "metal.shared", "metal.private"], unified.Device().BufferTypes.Select(t => t.Name));
        Assert.Equal(["metal.private", "metal.mapped", "metal.shared"], discrete.Device().BufferTypes.Select(t => t.Name));
        Assert.Equal(DeviceKind.IntegratedGpu, unified.Device().Info.Kind);
        Assert.Equal(DeviceKind.Gpu, discrete.Device().Info.Kind);
        Assert.All(unified.Device().BufferTypes, t => Assert.Equal(t.Traits.HostVisible ? Residency.Pageable : Residency.Unknown, t.Traits.Residency));
        Assert.Equal("registry:1000", unified.Device().Info.PhysicalIdentity);
    }

    [Fact]
    public async Task Settings_limit_memory_and_allocations()
    {
        var settings = new Dictionary<string, string> { ["memory"] = "1 MiB", ["Max-Allocation"] = "600000" };
        await using var run = await Try(() => new UnifiedFixture().StartAsync(settings: settings));
        foreach (var type in run.Device().BufferTypes)
        {
            // Whole pages of 16 KiB.
            Assert.Equal((nuint)589824, type.MaxLength);
            using var first = run.Allocate(type, 500_000);
            using var second = run.Allocate(type, 500_000);
            Assert.Throws<OutOfDeviceMemoryException>(() => run.Allocate(type, 100_000));
        }
        Assert.Equal(1ul << 20, run.Device().QueryMemory().Total);
    }

    private static async Task Refused(FakeOptions options, string reason)
    {
        Assert.SkipUnless(Toolchain.Current.Unavailable is null, Toolchain.Current.Unavailable ?? "");
        using var host = new TestPluginHost(threadBudget: 1);
        await using var plugin = new FakeMetalPlugin(options with { Compiler = reason == "compile" ? null : new MslCompiler() });
        var refusal = Assert.Throws<UnsupportedException>(() => { _ = plugin.CreateAsync(host, new Dictionary<string, string>(), CancellationToken.None); });
        Assert.Contains(reason, refusal.Message);
    }

    private static async Task<T> Try<T>(Func<Task<T>> start)
    {
        Assert.SkipUnless(Toolchain.Current.Unavailable is null, Toolchain.Current.Unavailable ?? "");
        return await start();
    }
}
