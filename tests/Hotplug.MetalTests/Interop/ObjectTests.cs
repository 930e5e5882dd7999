using Hotplug.Metal.Fake;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Checking;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.MetalTests.Fakes;
using Xunit;

namespace Hotplug.MetalTests.Interop;

/// <summary>The owned objects, on the double.</summary>
public sealed unsafe class ObjectTests
{
    [Fact]
    public void A_device_describes_itself()
    {
        using var bench = new Bench(new() { Unified = false, MaxBufferLength = 12345 * 4096, RecommendedMaxWorkingSetSize = 77, MaxThreadgroupMemory = 16384, Families = [1007, 5001] });
        var device = bench.Device;
        Assert.Equal("Fake GPU 0", device.Name);
        Assert.Equal(0x1000u, device.RegistryId);
        Assert.False(device.HasUnifiedMemory);
        Assert.False(device.IsLowPower);
        Assert.False(device.IsHeadless);
        Assert.Equal(12345u * 4096, device.MaxBufferLength);
        Assert.Equal(77u, device.RecommendedMaxWorkingSetSize);
        Assert.Equal(16384u, device.MaxThreadgroupMemoryLength);
        Assert.True(device.Supports(MTLGPUFamily.Apple7));
        Assert.False(device.Supports(MTLGPUFamily.Apple8));
        Assert.Equal(0u, device.CurrentAllocatedSize);
        using var buffer = device.NewBuffer(1, MTLResourceOptions.StorageModePrivate);
        Assert.Equal(16384u, device.CurrentAllocatedSize);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void All_devices_are_found_and_owned(int count)
    {
        using var fake = new FakeMetal(new() { Devices = count });
        using var runtime = fake.Open();
        var devices = MetalDevice.All(runtime);
        Assert.Equal(count, devices.Select(d => d.RegistryId).Distinct().Count());
        foreach (var device in devices) device.Dispose();
        fake.Verify();
        Assert.Equal(0, runtime.Ledger.Count);
    }

    [Fact]
    public void The_default_device_stands_in_where_the_list_fails()
    {
        using var fake = new FakeMetal();
        using var runtime = fake.Open();
        fake.Faults.Nil("MTLCopyAllDevices");
        Assert.Single(MetalDevice.All(runtime)).Dispose();
        fake.Faults.Nil("MTLCopyAllDevices");
        fake.Faults.Nil("MTLCreateSystemDefaultDevice");
        Assert.Empty(MetalDevice.All(runtime));
        fake.Verify();
    }

    [Fact]
    public void A_buffer_is_given_back_once()
    {
        using var bench = new Bench();
        var buffer = bench.Device.NewBuffer(100, MTLResourceOptions.StorageModeShared)!;
        Assert.Equal(100u, buffer.Length);
        Assert.NotEqual(0u, buffer.GpuAddress);
        Assert.True(buffer.Contents is not null);
        buffer.SetLabel("Gewichte — ½");
        Assert.Equal("1 MetalBuffer, 1 MetalDevice, 1 MetalQueue", bench.Runtime.Ledger.ToString());
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Length);
        Assert.Equal(0u, bench.Fake.AllocatedBytes);
    }

    [Fact]
    public void Private_memory_has_no_contents()
    {
        using var bench = new Bench();
        using var buffer = bench.Device.NewBuffer(64, MTLResourceOptions.StorageModePrivate);
        Assert.True(buffer!.Contents is null);
    }

    [Fact]
    public void An_old_system_has_no_addresses_of_buffers()
    {
        using var bench = new Bench(new() { MacVersion = 12 });
        using var buffer = bench.Device.NewBuffer(64, MTLResourceOptions.StorageModeShared);
        Assert.Equal(0u, buffer!.GpuAddress);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65537)]
    public void A_length_outside_of_the_limits_is_refused_before_metal_sees_it(ulong length)
    {
        using var bench = new Bench(new() { MaxBufferLength = 65536 });
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.Device.NewBuffer(length, MTLResourceOptions.StorageModeShared));
        Assert.False(bench.Fake.Sent.ContainsKey("newBufferWithLength:options:"));
    }

    [Fact]
    public void Too_little_memory_is_null()
    {
        using var bench = new Bench(new() { MemoryLimit = 3 * 16384 });
        using var first = bench.Device.NewBuffer(2 * 16384, MTLResourceOptions.StorageModeShared);
        Assert.NotNull(first);
        Assert.Null(bench.Device.NewBuffer(2 * 16384, MTLResourceOptions.StorageModeShared));
        bench.Fake.Faults.Nil("newBufferWithLength:options:");
        Assert.Null(bench.Device.NewBuffer(1, MTLResourceOptions.StorageModeShared));
        using var second = bench.Device.NewBuffer(1, MTLResourceOptions.StorageModeShared);
        Assert.NotNull(second);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(16384)]
    public void Whole_pages_of_the_host_can_be_wrapped_and_others_not(int page)
    {
        using var bench = new Bench(new() { PageSize = page });
        using var pages = new HostPages(4 * page);
        pages.Floats[0] = 42;
        var start = (byte*)pages.Pointer;
        using (var buffer = bench.Device.WrapMemory(start, (ulong)(3 * page)))
        {
            Assert.True(buffer!.Contents == start);
            Assert.Equal((ulong)(3 * page), buffer.Length);
        }
        Assert.Throws<ArgumentException>(() => bench.Device.WrapMemory(start + 64, (ulong)page));
        Assert.Throws<ArgumentException>(() => bench.Device.WrapMemory(start, (ulong)page + 64));
        Assert.Throws<ArgumentException>(() => bench.Device.WrapMemory(null, (ulong)page));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.Device.WrapMemory(start, 0));
        bench.Fake.Faults.Nil("newBufferWithBytesNoCopy:length:options:deallocator:");
        Assert.Null(bench.Device.WrapMemory(start, (ulong)page));
        Assert.Equal(42, pages.Floats[0]);
    }

    [Fact]
    public void A_compile_error_is_the_text_of_the_compiler()
    {
        using var bench = new Bench();
        var failure = Assert.Throws<MetalException>(() => bench.Device.Compile("#error", MTLLanguageVersion.Version3_0, MTLMathMode.Safe));
        Assert.Contains("program_source:1:2", failure.Message);
        Assert.Equal((long)MTLLibraryError.CompileFailure, failure.Error!.Value.Code);
    }

    [Theory]
    [InlineData(15, MTLMathMode.Fast, true)]
    [InlineData(15, MTLMathMode.Safe, false)]
    [InlineData(15, MTLMathMode.Relaxed, false)]
    [InlineData(14, MTLMathMode.Fast, true)]
    [InlineData(14, MTLMathMode.Safe, false)]
    [InlineData(14, MTLMathMode.Relaxed, false)]
    public void Compile_options_reach_the_compiler_on_new_and_old_systems(int version, object math, bool fast)
    {
        using var bench = new Bench(new() { MacVersion = version });
        using var library = bench.Device.Compile("", MTLLanguageVersion.Version3_1, (MTLMathMode)math);
        Assert.Equal(0x30001u, bench.Compiler.LastOptions.LanguageVersion);
        Assert.Equal(fast, bench.Compiler.LastOptions.FastMath);
    }

    [Fact]
    public void Functions_outlive_their_library()
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        Assert.Null(Find("nothing"));
        using var function = Find("add");
        Assert.Equal(1, bench.Compiler.Open);
        using var pipeline = bench.Device.NewPipeline(function!);
        function!.Dispose();
        Assert.Equal(1, bench.Compiler.Open);
        Assert.Equal(1024u, pipeline.MaxTotalThreadsPerThreadgroup);
        Assert.Equal(32u, pipeline.ThreadExecutionWidth);
        Assert.Equal(0u, pipeline.StaticThreadgroupMemoryLength);

        MetalFunction? Find(string name)
        {
            using var library = bench.Device.Compile(bench.Compiler.Source, MTLLanguageVersion.Version3_0, MTLMathMode.Safe);
            return library.Find(name);
        }
    }

    [Fact]
    public void A_text_with_a_nul_is_refused()
    {
        using var bench = new Bench();
        Assert.Throws<ArgumentException>(() => bench.Device.Compile("a\0b", MTLLanguageVersion.Version3_0, MTLMathMode.Safe));
    }

    [Theory]
    [InlineData("newCommandQueue")]
    [InlineData("commandBuffer")]
    [InlineData("computeCommandEncoderWithDispatchType:")]
    [InlineData("blitCommandEncoder")]
    [InlineData("newLibraryWithSource:options:error:")]
    [InlineData("newComputePipelineStateWithFunction:error:")]
    [InlineData("newResidencySetWithDescriptor:error:")]
    [InlineData("newSharedEvent")]
    [InlineData("new")]
    [InlineData("stringWithUTF8String:")]
    public void Whatever_gives_nil_is_an_error_that_leaves_nothing(string selector)
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        bench.Fake.Faults.Nil(selector, text: "as told");
        var failure = Assert.Throws<MetalException>(() =>
        {
            using var pool = bench.Runtime.Pool();
            using var queue = bench.Device.NewQueue();
            using var signal = bench.Device.NewSharedEvent();
            using var set = bench.Device.NewResidencySet(1);
            using var library = bench.Device.Compile(bench.Compiler.Source, MTLLanguageVersion.Version3_0, MTLMathMode.Safe);
            using var function = library.Find("add");
            using var pipeline = bench.Device.NewPipeline(function!);
            using var commands = queue.NewCommandBuffer();
            using (var encoder = commands.Compute(MTLDispatchType.Serial)) encoder.SetPipeline(pipeline);
            using (commands.Blit())
            {
            }
        });
        Assert.NotEmpty(failure.Message);
        if (selector.EndsWith("error:", StringComparison.Ordinal)) Assert.Contains("as told", failure.Message);
    }

    [Fact]
    public void Residency_sets_exist_from_macos_15()
    {
        using (var old = new Bench(new() { MacVersion = 14 }))
        {
            Assert.False(old.Device.HasResidencySets);
            Assert.Throws<MetalException>(() => old.Device.NewResidencySet(1));
        }
        using var bench = new Bench();
        Assert.True(bench.Device.HasResidencySets);
        using var set = bench.Device.NewResidencySet(2);
        using var first = bench.Device.NewBuffer(10, MTLResourceOptions.StorageModeShared)!;
        using var second = bench.Device.NewBuffer(20, MTLResourceOptions.StorageModeShared)!;
        set.Add(first);
        set.Add(second);
        set.Commit();
        bench.Queue.Add(set);
        set.RequestResidency();
        Assert.Equal([30ul], bench.Fake.ResidentBytes);
        set.Remove(first);
        set.Commit();
        Assert.Equal([20ul], bench.Fake.ResidentBytes);
        set.EndResidency();
        bench.Queue.Remove(set);
        set.Clear();
        set.Commit();
        Assert.Empty(bench.Fake.ResidentBytes);
    }

    [Fact]
    public void Every_message_of_the_binding_is_sent_by_its_objects()
    {
        var sent = new HashSet<string>();
        foreach (var version in (int[])[14, 15])
        {
            using var bench = new Bench(new() { MacVersion = version }, ScriptedFunction.AddConstant());
            var device = bench.Device;
            _ = (device.Name, device.RegistryId, device.HasUnifiedMemory, device.IsLowPower, device.IsHeadless, device.RecommendedMaxWorkingSetSize);
            _ = (device.CurrentAllocatedSize, device.MaxBufferLength, device.MaxThreadgroupMemoryLength, device.Supports(MTLGPUFamily.Metal3));
            var add = bench.Pipeline("add");
            _ = (add.MaxTotalThreadsPerThreadgroup, add.ThreadExecutionWidth, add.StaticThreadgroupMemoryLength);
            var (from, to) = (bench.Floats(1, 2), bench.Floats(0, 0));
            from.SetLabel("from");
            _ = from.GpuAddress;
            using var pages = new HostPages(65536);
            using (device.WrapMemory(pages.Pointer, 65536))
            {
            }
            using (var pool = bench.Runtime.Pool())
            {
                using var signal = device.NewSharedEvent();
                using var commands = bench.Queue.NewCommandBuffer(retaining: false);
                using (var encoder = commands.Compute(MTLDispatchType.Concurrent))
                {
                    encoder.SetPipeline(add);
                    encoder.SetBuffer(0, from, 0);
                    encoder.SetBufferOffset(0, 4);
                    encoder.SetBuffer(1, to, 0);
                    encoder.SetBytes(2, 1f);
                    encoder.SetThreadgroupMemory(0, 16);
                    encoder.Barrier();
                    encoder.Barrier(from, to);
                    encoder.Dispatch(new(1), new(1));
                }
                using (var blit = commands.Blit())
                {
                    blit.Fill(from, 0, 4, 0);
                    blit.Copy(from, 0, to, 4, 4);
                }
                commands.Signal(signal, 1);
                commands.Enqueue();
                commands.Commit();
                Assert.True(signal.CanWait && signal.Wait(1, TimeSpan.FromSeconds(1)));
                Assert.Equal(1u, signal.Value);
                commands.WaitUntilCompleted();
                Assert.Equal(MTLCommandBufferStatus.Completed, commands.Status);
                Assert.Null(commands.Error);
                Assert.Equal(0.5, commands.GpuSeconds);
                bench.Queue.NewCommandBuffer().Dispose();
            }
            Assert.Equal([3f, 0f], Bench.Values(to).ToArray());
            if (device.HasResidencySets)
            {
                using var set = device.NewResidencySet(1);
                set.Add(from);
                set.Remove(from);
                set.Commit();
                set.RequestResidency();
                set.EndResidency();
                set.Clear();
                bench.Queue.Add(set);
                bench.Queue.Remove(set);
            }
            Assert.Throws<MetalException>(() => device.Compile("#error", MTLLanguageVersion.Version3_0, MTLMathMode.Safe));
            Assert.True(BindingCheck.Run(bench.Runtime, device).IsUsable);
            sent.UnionWith(bench.Fake.Sent.Keys);
        }
        Assert.Equal(MessageInfo.ReadAll().Select(m => m.Selector).Distinct().Order(), sent.Order());
    }
}
