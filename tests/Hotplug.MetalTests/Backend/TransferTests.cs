using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Tensors;
using Hotplug.MetalTests.Contract;
using Hotplug.Testing.Data;
using Xunit;

namespace Hotplug.MetalTests.Backend;

/// <summary>Copies to and from private memory go through two halves of host memory, one of which the device may still be reading: what arrives is what was sent.</summary>
public sealed class TransferTests
{
    private const int Rows = 150_000;

    /// <summary>Rows of 34 bytes begin and end in the midst of words; five megabytes fill each half several times.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Private_memory_holds_what_was_written_wherever_a_copy_begins_and_ends(bool unified)
    {
        await using var run = await ResidencyTests.Start(unified ? new UnifiedFixture() : new DiscreteFixture());
        var spec = new TensorSpec { Type = TensorType.Q8_0, Shape = new(32, Rows) };
        var type = run.Device().BufferTypes.Single(t => !t.Traits.HostVisible);
        using var buffer = run.Allocate(type, type.AllocationSize(spec));
        var (tensor, random, expected) = (buffer.At(0, spec), TestSeed.For(nameof(TransferTests)), new byte[spec.ByteLength]);
        random.NextBytes(expected);
        buffer.Buffer.Write(tensor, 0, expected);
        for (var i = 0; i < 60; i++)
        {
            var first = random.Next(Rows);
            var count = Math.Min(Rows - first, random.Next(4) switch { 0 => 1, 1 => random.Next(100), 2 => random.Next(40_000), _ => random.Next(Rows) });
            var part = expected.AsSpan(first * 34, count * 34);
            switch (random.Next(3))
            {
                case 0:
                    random.NextBytes(part);
                    buffer.Buffer.Write(tensor, first, part);
                    break;
                case 1:
                    var (at, length) = (random.Next(expected.Length), random.Next(1, 2000));
                    length = Math.Min(length, expected.Length - at);
                    expected.AsSpan(at, length).Clear();
                    buffer.Buffer.Clear((nuint)at, (nuint)length);
                    break;
                default:
                    var read = new byte[part.Length];
                    buffer.Buffer.Read(tensor, first, read);
                    Assert.True(part.SequenceEqual(read), $"Copy {i}: {count} rows from row {first} are not what was written.");
                    break;
            }
        }
        var all = new byte[expected.Length];
        buffer.Buffer.Read(tensor, 0, all);
        Assert.True(expected.AsSpan().SequenceEqual(all), "What is there in the end is not what was written.");
    }

    /// <summary>A write returns while its copy is under way; that it failed is said by the next call that depends on it, and only once.</summary>
    [Fact]
    public async Task A_copy_that_fails_late_is_a_failure_of_what_follows()
    {
        await using var run = await ResidencyTests.Start(new DiscreteFixture());
        var fake = MetalFixture.Fake(run);
        var spec = new TensorSpec { Type = TensorType.F32, Shape = new(16) };
        using var buffer = run.Allocate(run.Device().BufferTypes.Single(t => !t.Traits.HostVisible), 64);
        var tensor = buffer.At(0, spec);
        fake.Faults.CommandBuffer(code: 8);
        buffer.Buffer.Write(tensor, 0, new byte[64]);
        var read = new byte[64];
        Assert.Equal(FaultKind.OutOfDeviceMemory, Assert.ThrowsAny<BackendException>(() =>
        {
            for (var i = 0; i < 2; i++) buffer.Buffer.Read(tensor, 0, read);
        }).Kind);
        buffer.Buffer.Write(tensor, 0, read);
        buffer.Buffer.Read(tensor, 0, read);
    }
}
