using System.Collections.Concurrent;
using Hotplug.Inference.Deployment;
using Xunit;

namespace Hotplug.UnitTests.Deployment;

/// <summary>Who comes next when a model's turn ends.</summary>
public sealed class TurnLockTests
{
    [Fact]
    public async Task A_change_goes_before_a_step_that_has_not_begun()
    {
        var turn = new TurnLock();
        var order = new ConcurrentQueue<string>();
        await Task.WhenAll(Begin(turn, order));
        Assert.Equal(["change", "step"], order);
    }

    [Fact]
    public void Whoever_has_it_may_take_it_again()
    {
        var turn = new TurnLock();
        using (turn.Step())
        using (turn.Claim())
        using (turn.Step()) Assert.Equal(0, turn.Claims);
    }

    private static Task[] Begin(TurnLock turn, ConcurrentQueue<string> order)
    {
        using (turn.Step())
        {
            var change = Task.Factory.StartNew(() =>
            {
                using (turn.Claim()) order.Enqueue("change");
            }, TaskCreationOptions.LongRunning);
            SpinWait.SpinUntil(() => turn.Claims == 1);
            var step = Task.Factory.StartNew(() =>
            {
                using (turn.Step()) order.Enqueue("step");
            }, TaskCreationOptions.LongRunning);
            return [change, step];
        }
    }
}
