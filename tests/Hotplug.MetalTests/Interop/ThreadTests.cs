using Hotplug.Metal.Interop.Values;
using Hotplug.MetalTests.Fakes;
using Xunit;

namespace Hotplug.MetalTests.Interop;

public sealed class ThreadTests
{
    [Fact]
    public async Task Several_threads_may_use_one_device_and_one_queue()
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        var add = bench.Pipeline("add");
        var sums = new float[4];
        // Threads of their own: none of the pools is another's.
        await Task.WhenAll(Enumerable.Range(0, sums.Length).Select(t => Task.Factory.StartNew(() =>
        {
            using var pool = bench.Runtime.Pool();
            using var from = bench.Device.NewBuffer(4, MTLResourceOptions.StorageModeShared)!;
            using var to = bench.Device.NewBuffer(4, MTLResourceOptions.StorageModeShared)!;
            Bench.Values(from)[0] = t;
            for (var i = 0; i < 20; i++)
            {
                using var inner = bench.Runtime.Pool();
                using var commands = bench.Queue.NewCommandBuffer(retaining: i % 2 == 0);
                using (var encoder = commands.Compute(MTLDispatchType.Concurrent))
                {
                    encoder.SetPipeline(add);
                    encoder.SetBytes(2, 1f);
                    encoder.SetBuffer(0, from, 0);
                    encoder.SetBuffer(1, to, 0);
                    encoder.Dispatch(new(1), new(1));
                }
                using (var blit = commands.Blit()) blit.Copy(to, 0, from, 0, 4);
                commands.Commit();
                commands.WaitUntilCompleted();
            }
            sums[t] = Bench.Values(from)[0];
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal([20f, 21, 22, 23], sums);
        Assert.Equal(80, bench.Fake.Dispatches);
    }
}
