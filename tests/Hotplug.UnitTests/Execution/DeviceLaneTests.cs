using Hotplug.Abstractions.Faults;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Faults;
using Xunit;

namespace Hotplug.UnitTests.Execution;

/// <summary>The thread that calls a device.</summary>
public sealed class DeviceLaneTests
{
    [Fact]
    public void A_call_that_does_not_come_back_is_given_up_and_the_device_not_called_again()
    {
        using var release = new ManualResetEventSlim();
        var lane = new DeviceLane("far", TimeSpan.FromMilliseconds(1));
        var fault = Assert.Throws<BackendFaultException>(() => lane.Run(release.Wait));
        Assert.Equal(FaultKind.TimedOut, fault.Kind);
        Assert.True(lane.IsHung);

        var called = false;
        Assert.Equal(FaultKind.TimedOut, Assert.Throws<BackendFaultException>(() => lane.Run(() => { called = true; })).Kind);
        Assert.False(called);
        // Disposing must not wait for the hung call.
        lane.Dispose();
        release.Set();
    }

    [Fact]
    public void What_a_call_throws_becomes_text_and_the_lane_goes_on()
    {
        using var lane = new DeviceLane("far", TimeSpan.FromMinutes(1));
        var fault = Assert.Throws<BackendFaultException>(() => lane.Run(() => throw new InvalidOperationException("broken")));
        Assert.Equal(FaultKind.Defect, fault.Kind);
        Assert.Null(fault.InnerException);
        Assert.Contains("broken", fault.Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.DeviceLost, Assert.Throws<BackendFaultException>(() => lane.Run(() => throw new DeviceLostException("gone"))).Kind);
        Assert.Equal(7, lane.Run(() => 7));
    }

    [Fact]
    public void Cancellation_stays_cancellation()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var lane = new DeviceLane("far", TimeSpan.FromMinutes(1));
        var cancelled = Assert.Throws<OperationCanceledException>(() => lane.Run(() => stop.Token.ThrowIfCancellationRequested()));
        Assert.Equal(stop.Token, cancelled.CancellationToken);
    }

    [Fact]
    public void All_calls_come_from_one_thread()
    {
        using var lane = new DeviceLane("far", TimeSpan.FromMinutes(1));
        var first = lane.Run(() => Environment.CurrentManagedThreadId);
        Assert.NotEqual(Environment.CurrentManagedThreadId, first);
        Assert.Equal(first, lane.Run(() => Environment.CurrentManagedThreadId));
    }
}
