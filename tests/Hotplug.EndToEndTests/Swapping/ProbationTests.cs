using Hotplug.Inference.Deployment;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Hotplug.EndToEndTests.Swapping;

/// <summary>When the place before is given up.</summary>
public sealed class ProbationTests
{
    [Fact]
    public async Task It_is_given_up_when_the_time_is_over_even_if_nothing_is_written()
    {
        var time = new FakeTimeProvider();
        await using var bench = new SwapBench(options: new() { Time = time });
        using var model = await bench.LoadAsync("cpu");
        var swap = await bench.Host.SwapAsync(new("cpu") { Options = new() { ProbationWindow = TimeSpan.FromSeconds(7) } }, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([ModelTransitionKind.Moved], bench.Kinds());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([ModelTransitionKind.Moved, ModelTransitionKind.Settled], bench.Kinds());
        Assert.Null((await swap.Completion).Failure);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task It_is_given_up_after_the_steps_that_were_asked_for(int steps)
    {
        await using var bench = new SwapBench(options: new() { Time = new FakeTimeProvider() });
        using var model = await bench.LoadAsync("cpu");
        using var generator = SwapBench.Begin(model);
        SwapBench.Write(generator, 2);
        await bench.Host.SwapAsync(new("cpu") { Options = new() { ProbationSteps = steps } }, TestContext.Current.CancellationToken);
        for (var step = 0; step < steps; step++)
        {
            Assert.DoesNotContain(ModelTransitionKind.Settled, bench.Kinds());
            SwapBench.Write(generator, 1);
        }
        Assert.Equal(steps > 0, bench.Kinds().Contains(ModelTransitionKind.Settled));
    }
}
