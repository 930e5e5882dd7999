using Hotplug.Metal.Drivers;
using Hotplug.MetalTests.Contract;
using Hotplug.Testing.Fixtures;
using Xunit;

namespace Hotplug.MetalTests.Backend;

/// <summary>Buffers are kept resident while they live, the system is reminded while there is work, and nothing of it outlives the backend.</summary>
public sealed class ResidencyTests
{
    [Fact]
    public async Task Buffers_are_resident_while_they_live()
    {
        await using var run = await Start(new UnifiedFixture());
        var fake = MetalFixture.Fake(run);
        foreach (var type in run.Device().BufferTypes)
        {
            using (run.Allocate(type, 16384))
            using (run.Allocate(type, 0))
            using (run.Allocate(type, 32768)) Assert.Equal([49152ul], fake.ResidentBytes);
            Assert.Empty(fake.ResidentBytes);
        }
    }

    [Fact]
    public async Task Mapped_files_are_not_wired_unasked()
    {
        await using var run = await Start(new UnifiedFixture());
        var mapped = run.Device().BufferTypes.Single(t => t.Traits.Adopts);
        using (run.Allocate(mapped, 16384, access: Abstractions.Memory.HostAccess.Read)) Assert.Empty(MetalFixture.Fake(run).ResidentBytes);
    }

    [Fact]
    public async Task A_system_without_sets_does_without()
    {
        var time = new ManualTime();
        await using var run = await Start(new DiscreteFixture { Time = time });
        using var buffer = run.Allocate(run.Device().BufferTypes[0], 4096);
        Assert.Empty(MetalFixture.Fake(run).ResidentBytes);
        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public async Task Residency_is_renewed_until_there_was_no_work_for_long()
    {
        var time = new ManualTime();
        var run = await Start(new UnifiedFixture { Time = time });
        var memory = run.Device().BufferTypes.Single(t => !t.Traits.HostVisible);
        using (var buffer = run.Allocate(memory, 4096))
        {
            var asked = Requests();
            time.Fire();
            // Behind the beat in the device's queue.
            buffer.Buffer.Clear(0, 4096);
            Assert.Equal(asked + 1, Requests());

            time.Advance(Heartbeat.Patience);
            time.Fire();
            buffer.Buffer.Clear(0, 4096);
            Assert.Equal(asked + 1, Requests());

            time.Fire();
            buffer.Buffer.Clear(0, 4096);
            Assert.Equal(asked + 2, Requests());
        }
        Assert.Equal(1, time.Timers);
        await run.DisposeAsync();
        Assert.Equal(0, time.Timers);

        int Requests() => MetalFixture.Fake(run).Sent.GetValueOrDefault("requestResidency");
    }

    internal static async Task<BackendRun> Start(BackendFixture fixture)
    {
        try
        {
            return await fixture.StartAsync();
        }
        catch (BackendUnavailableException exception)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }
}
