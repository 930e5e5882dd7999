using Hotplug.Metal.Fake;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.MetalTests.Fakes;
using Xunit;

namespace Hotplug.MetalTests.Double;

/// <summary>Deliberate defects of ownership, memory and messages: each is found, and by the rule it breaks.</summary>
public sealed unsafe class DefectTests
{
    [Fact]
    public void Over_release()
    {
        using var bench = new Bench();
        var buffer = bench.Device.NewBuffer(16, MTLResourceOptions.StorageModeShared)!;
        var handle = buffer.Handle;
        buffer.Dispose();
        bench.Runtime.Release(handle);
        bench.Single(ViolationKind.OverRelease);
    }

    [Fact]
    public void Over_release_of_what_a_pool_holds()
    {
        using var bench = new Bench();
        using (bench.Runtime.Pool()) bench.Runtime.Release(bench.Runtime.String("x"));
        bench.Single(ViolationKind.OverRelease);
    }

    [Fact]
    public void Use_after_release()
    {
        using var bench = new Bench();
        var buffer = bench.Device.NewBuffer(16, MTLResourceOptions.StorageModeShared)!;
        var handle = buffer.Handle;
        buffer.Dispose();
        Assert.Equal(0u, bench.Runtime.Send.UInt64(handle, bench.Runtime[Message.BufferLength]));
        bench.Single(ViolationKind.UseAfterRelease);
    }

    [Fact]
    public void Use_after_the_pool()
    {
        using var bench = new Bench();
        nint text;
        using (bench.Runtime.Pool()) text = bench.Runtime.String("x");
        Assert.Equal("", bench.Runtime.Text(text));
        bench.Single(ViolationKind.UseAfterRelease);
    }

    [Fact]
    public void A_released_object_as_an_argument()
    {
        using var bench = new Bench();
        var set = bench.Own(bench.Device.NewResidencySet(1));
        var buffer = bench.Device.NewBuffer(16, MTLResourceOptions.StorageModeShared)!;
        var handle = buffer.Handle;
        buffer.Dispose();
        bench.Runtime.Send.VoidId(set.Handle, bench.Runtime[Message.ResidencySetAddAllocation], handle);
        bench.Single(ViolationKind.UseAfterRelease);
    }

    [Fact]
    public void A_leak()
    {
        var fake = new FakeMetal();
        using var runtime = fake.Open();
        using (var device = MetalDevice.All(runtime).Single()) device.NewBuffer(16, MTLResourceOptions.StorageModeShared);
        Assert.Equal("1 MetalBuffer", runtime.Ledger.ToString());
        Assert.Equal(ViolationKind.Leak, Assert.Single(Assert.Throws<FakeMetalException>(fake.Verify).Violations).Kind);
        fake.Dispose();
    }

    [Fact]
    public void A_pool_that_stays_open()
    {
        using var fake = new FakeMetal();
        using var runtime = fake.Open();
        runtime.Table.PushPool();
        Assert.Equal(ViolationKind.Leak, Assert.Single(fake.Leaks).Kind);
    }

    [Fact]
    public void A_pool_closed_twice()
    {
        using var fake = new FakeMetal();
        using var runtime = fake.Open();
        var token = runtime.Table.PushPool();
        runtime.Table.PopPool(token);
        runtime.Table.PopPool(token);
        Assert.Equal(ViolationKind.Pool, Assert.Single(fake.Violations).Kind);
    }

    [Fact]
    public void A_pool_closed_on_another_thread()
    {
        using var fake = new FakeMetal();
        using var runtime = fake.Open();
        var token = runtime.Table.PushPool();
        var thread = new Thread(() => runtime.Table.PopPool(token));
        thread.Start();
        thread.Join();
        Assert.Equal(ViolationKind.Pool, Assert.Single(fake.Violations).Kind);
    }

    [Fact]
    public void A_thread_without_a_pool()
    {
        using var bench = new Bench();
        bench.Runtime.String("x");
        bench.Single(ViolationKind.Pool);
    }

    [Fact]
    public void Closing_an_outer_pool_closes_the_inner()
    {
        using var bench = new Bench();
        var outer = bench.Runtime.Table.PushPool();
        bench.Runtime.Table.PushPool();
        bench.Runtime.String("x");
        bench.Runtime.Table.PopPool(outer);
    }

    [Fact]
    public void A_message_to_nil()
    {
        using var bench = new Bench();
        bench.Runtime.Send.Void(0, bench.Runtime[Message.ResidencySetCommit]);
        bench.Single(ViolationKind.Message);
    }

    [Fact]
    public void A_message_to_the_wrong_object()
    {
        using var bench = new Bench();
        bench.Runtime.Send.UInt64(bench.Queue.Handle, bench.Runtime[Message.BufferLength]);
        bench.Single(ViolationKind.Message);
    }

    [Fact]
    public void An_argument_of_the_wrong_class()
    {
        using var bench = new Bench();
        nint error;
        Assert.Equal(0, bench.Runtime.Send.IdIdError(bench.Device.Handle, bench.Runtime[Message.DeviceNewPipeline], bench.Queue.Handle, &error));
        bench.Single(ViolationKind.Message);
    }

    [Fact]
    public void A_message_through_the_wrong_shape()
    {
        using var bench = new Bench();
        bench.Runtime.Send.VoidUInt64(bench.Device.Handle, bench.Runtime[Message.DeviceSupportsFamily], 1007);
        bench.Single(ViolationKind.Shape);
    }

    [Fact]
    public void A_message_that_this_system_does_not_know()
    {
        using var bench = new Bench(new() { MacVersion = 14 });
        bench.Runtime.Send.VoidId(bench.Queue.Handle, bench.Runtime[Message.QueueAddResidencySet], 0);
        bench.Single(ViolationKind.Message);
    }

    [Theory]
    [InlineData(64, 16384)]
    [InlineData(4096, 16384)]
    [InlineData(0, 16384 + 4096)]
    public void An_unaligned_no_copy_buffer(int shift, int length)
    {
        using var bench = new Bench();
        using var pages = new HostPages(65536);
        Assert.Equal(0, Wrap(bench, pages.Start + shift, (ulong)length));
        bench.Single(ViolationKind.Alignment);
    }

    [Fact]
    public void A_no_copy_buffer_larger_than_the_limit()
    {
        using var bench = new Bench(new() { MaxBufferLength = 32768 });
        using var pages = new HostPages(65536);
        Assert.Equal(0, Wrap(bench, pages.Start, 65536));
        bench.Single(ViolationKind.Limit);
    }

    [Fact]
    public void A_no_copy_buffer_over_reserved_memory()
    {
        using var bench = new Bench();
        using var pages = new HostPages(65536);
        pages.MakeInaccessible();
        Assert.Equal(0, Wrap(bench, pages.Start, 65536));
        bench.Single(ViolationKind.Unmapped);
    }

    [Fact]
    public void A_no_copy_buffer_in_private_memory()
    {
        using var bench = new Bench();
        using var pages = new HostPages(65536);
        Assert.Equal(0, Wrap(bench, pages.Start, 65536, MTLResourceOptions.StorageModePrivate));
        bench.Single(ViolationKind.Binding);
    }

    [Fact]
    public void Memory_unmapped_before_its_buffer_is_given_back()
    {
        using var bench = new Bench();
        using var pages = new HostPages(65536);
        var buffer = bench.Device.WrapMemory(pages.Pointer, 65536)!;
        pages.MakeInaccessible();
        buffer.Dispose();
        bench.Single(ViolationKind.Unmapped);
    }

    [Fact]
    public void Bytes_written_behind_a_buffer()
    {
        using var bench = new Bench();
        var buffer = bench.Device.NewBuffer(10, MTLResourceOptions.StorageModeShared)!;
        ((byte*)buffer.Contents)[10] = 0;
        buffer.Dispose();
        bench.Single(ViolationKind.Overrun);
    }

    [Fact]
    public void A_residency_set_given_back_while_resident()
    {
        using var bench = new Bench();
        var set = bench.Device.NewResidencySet(1);
        set.RequestResidency();
        set.Dispose();
        bench.Single(ViolationKind.Residency);
    }

    [Fact]
    public void Residency_requested_before_the_commit()
    {
        using var bench = new Bench();
        var set = bench.Own(bench.Device.NewResidencySet(1));
        set.Add(bench.Floats(1));
        set.RequestResidency();
        bench.Single(ViolationKind.Residency);
        set.EndResidency();
    }

    [Fact]
    public void A_compiler_that_fails_in_an_unforeseen_way()
    {
        using var fake = new FakeMetal(new() { Compiler = new Broken() });
        using var runtime = fake.Open();
        using var device = MetalDevice.All(runtime).Single();
        Assert.Throws<MetalException>(() => device.Compile("", MTLLanguageVersion.Version3_0, MTLMathMode.Safe));
        Assert.Equal(ViolationKind.Double, Assert.Single(fake.Violations).Kind);
    }

    private static nint Wrap(Bench bench, nint memory, ulong length, MTLResourceOptions options = MTLResourceOptions.StorageModeShared) =>
        bench.Runtime.Send.IdPointerUInt64UInt64Block(
            bench.Device.Handle, bench.Runtime[Message.DeviceNewBufferNoCopy], (void*)memory, length, (ulong)options, NoBlock.Nil);

    private sealed class Broken : IShaderCompiler
    {
        public IShaderLibrary Compile(string source, in ShaderCompileOptions options) => throw new NotSupportedException();
    }
}
