using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Services;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class WorkerGroupTests
{
    private sealed class Task(Action<int, int> body) : IWorkerTask
    {
        public void Run(int worker, int count) => body(worker, count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    public void Every_worker_runs_once_per_run_and_the_caller_is_worker_0(int count)
    {
        using var group = new WorkerGroup("test", count);
        var ran = new int[count];
        var caller = Environment.CurrentManagedThreadId;
        var wrong = 0;
        var task = new Task((worker, of) =>
        {
            ran[worker]++;
            if (of != count || worker == 0 != (Environment.CurrentManagedThreadId == caller) || worker != 0 && Thread.CurrentThread.IsThreadPoolThread) Interlocked.Increment(ref wrong);
        });
        for (var i = 0; i < 2000; i++) group.Run(task);
        Assert.Equal(0, wrong);
        Assert.All(ran, times => Assert.Equal(2000, times));
    }

    [Fact]
    public void Workers_run_at_the_same_time()
    {
        using var group = new WorkerGroup("test", 4);
        using var barrier = new Barrier(4);
        for (var i = 0; i < 100; i++) group.Run(new Task((_, _) => barrier.SignalAndWait()));
    }

    [Fact]
    public void What_the_workers_wrote_is_seen_after_the_run()
    {
        using var group = new WorkerGroup("test", 3);
        var values = new long[3];
        var task = new Task((worker, _) => values[worker] += worker + 1);
        for (var i = 1; i <= 5000; i++)
        {
            group.Run(task);
            Assert.Equal(6L * i, values[0] + values[1] + values[2]);
        }
    }

    [Fact]
    public void A_sleeping_worker_is_woken()
    {
        using var group = new WorkerGroup("test", 2);
        var ran = 0;
        var task = new Task((_, _) => Interlocked.Increment(ref ran));
        for (var i = 0; i < 20; i++)
        {
            group.Run(task);
            SpinWait.SpinUntil(() => group.Sleeping == 1);
        }
        Assert.Equal(40, ran);
    }

    [Fact]
    public void More_workers_than_processors_and_several_groups_at_once_finish()
    {
        var sums = new long[4];
        Parallel.For(0, sums.Length, g =>
        {
            using var group = new WorkerGroup($"test{g}", Environment.ProcessorCount * 2 + 1);
            var task = new Task((_, _) => Interlocked.Increment(ref sums[g]));
            for (var i = 0; i < 300; i++) group.Run(task);
        });
        Assert.All(sums, sum => Assert.Equal(300L * (Environment.ProcessorCount * 2 + 1), sum));
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var group = new WorkerGroup("test", 2);
        var mine = 0L;
        var task = new Task((worker, _) =>
        {
            if (worker == 1) Volatile.Write(ref mine, GC.GetAllocatedBytesForCurrentThread());
        });
        for (var i = 0; i < 200; i++) group.Run(task);
        var (caller, worker1) = (GC.GetAllocatedBytesForCurrentThread(), mine);
        for (var i = 0; i < 2000; i++) group.Run(task);
        Assert.Equal((caller, worker1), (GC.GetAllocatedBytesForCurrentThread(), mine));
    }

    [Fact]
    public void Faults_are_collected_after_all_returned_and_the_next_run_is_clean()
    {
        using var group = new WorkerGroup("test", 4);
        var returned = 0;
        var thrown = Assert.Throws<AggregateException>(() => group.Run(new Task((worker, _) =>
        {
            Interlocked.Increment(ref returned);
            if (worker % 2 == 0) throw new InvalidOperationException($"worker {worker}");
        })));
        Assert.Equal(4, returned);
        Assert.Equal(["worker 0", "worker 2"], thrown.InnerExceptions.Select(e => e.Message));
        group.Run(new Task((_, _) => Interlocked.Increment(ref returned)));
        Assert.Equal(8, returned);
    }

    [Fact]
    public void A_single_worker_reports_faults_the_same_way()
    {
        using var group = new WorkerGroup("test", 1);
        Assert.Single(Assert.Throws<AggregateException>(() => group.Run(new Task((_, _) => throw new InvalidOperationException()))).InnerExceptions);
    }

    [Fact]
    public void One_run_at_a_time_and_no_disposal_from_within()
    {
        using var group = new WorkerGroup("test", 2);
        var thrown = Assert.Throws<AggregateException>(() => group.Run(new Task((worker, _) =>
        {
            if (worker == 0) group.Run(new Task((_, _) => { }));
            else group.Dispose();
        })));
        Assert.All(thrown.InnerExceptions, e => Assert.IsType<InvalidOperationException>(e));
        Assert.Equal(2, thrown.InnerExceptions.Count);
    }

    [Fact]
    public void After_disposal_nothing_runs_and_the_threads_have_ended()
    {
        Thread? thread = null;
        var group = new WorkerGroup("test", 2);
        group.Run(new Task((worker, _) =>
        {
            if (worker == 1) thread = Thread.CurrentThread;
        }));
        Assert.True(thread!.IsBackground);
        Assert.Equal("hp-test-1", thread.Name);
        group.Dispose();
        group.Dispose();
        Assert.False(thread.IsAlive);
        Assert.Throws<ObjectDisposedException>(() => group.Run(new Task((_, _) => { })));
    }

    [Fact]
    public void The_starters_execution_context_does_not_flow()
    {
        var local = new AsyncLocal<string> { Value = "starter" };
        using var group = new WorkerGroup("test", 2);
        var seen = "unset";
        group.Run(new Task((worker, _) =>
        {
            if (worker == 1) seen = local.Value ?? "nothing";
        }));
        Assert.Equal("nothing", seen);
    }
}
