using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Checking;
using Hotplug.MetalTests.Fakes;
using Xunit;

namespace Hotplug.MetalTests.Interop;

/// <summary>The check at start-up, against a runtime that answers from the table of facts.</summary>
public sealed class BindingCheckTests
{
    private static readonly MessageInfo[] Messages = MessageInfo.ReadAll();

    [Theory]
    [InlineData(false, 15)]
    [InlineData(false, 14)]
    [InlineData(true, 13)]
    [InlineData(true, 12)]
    [InlineData(true, 11)]
    public void A_good_system_passes_and_nothing_is_left(bool intel, int version)
    {
        using var bench = new Bench(new() { IntelEncodings = intel, MacVersion = version });
        var report = BindingCheck.Run(bench.Runtime, bench.Device);
        Assert.True(report.IsUsable, report.Summary);
        Assert.Equal(Messages.Length, report.Rows.Count);
        Assert.All(report.Rows, r => Assert.Contains(r.Finding, (BindingFinding[])[BindingFinding.Equal, BindingFinding.AbsentOptional]));
        var older = Messages.Where(m => m.Optional && m.Message switch
        {
            Message.SharedEventWaitUntilSignaledValue => version < 12,
            Message.BufferGpuAddress => version < 13,
            _ => version < 15,
        });
        Assert.Equal(older.Select(m => m.Message), report.Rows.Where(r => r.Finding == BindingFinding.AbsentOptional).Select(r => r.Message.Message));
        Assert.Equal(0, bench.Fake.Dispatches);
    }

    [Fact]
    public void A_method_that_takes_something_else_is_named()
    {
        foreach (var message in Messages.DistinctBy(m => m.Selector))
        {
            using var bench = new Bench(new() { Encodings = new Dictionary<string, string> { [message.Selector] = "f@:" } });
            var report = BindingCheck.Run(bench.Runtime, bench.Device);
            Assert.False(report.IsUsable, message.ToString());
            var row = report.Rows[(int)message.Message];
            Assert.Equal(BindingFinding.Different, row.Finding);
            Assert.Contains(message.ToString(), report.Summary);
            Assert.Contains("f@:", report.Summary);
        }
    }

    [Fact]
    public void A_method_that_is_gone_is_named_unless_the_binding_can_do_without()
    {
        foreach (var message in Messages.DistinctBy(m => m.Selector))
        {
            using var bench = new Bench(new() { Encodings = new Dictionary<string, string> { [message.Selector] = "" } });
            var report = BindingCheck.Run(bench.Runtime, bench.Device);
            var row = report.Rows[(int)message.Message];
            var sharers = Messages.Where(m => m.Selector == message.Selector).ToArray();
            Assert.Equal(message.Optional ? BindingFinding.AbsentOptional : BindingFinding.Missing, row.Finding);
            Assert.Equal(sharers.All(m => m.Optional), report.IsUsable);
            if (!message.Optional) Assert.Contains(message.ToString(), report.Summary);
        }
    }

    [Fact]
    public void A_method_that_is_forwarded_is_no_failure()
    {
        using var bench = new Bench(new() { Forwarded = ["dispatchThreadgroups:threadsPerThreadgroup:"] });
        var report = BindingCheck.Run(bench.Runtime, bench.Device);
        Assert.True(report.IsUsable, report.Summary);
        Assert.Equal(BindingFinding.Forwarded, report.Rows[(int)Message.ComputeDispatchThreadgroups].Finding);
    }
}
