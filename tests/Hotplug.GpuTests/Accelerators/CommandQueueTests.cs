using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Accelerators.Queues;
using Xunit;

namespace Hotplug.GpuTests.Accelerators;

public sealed class CommandQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Work_is_done_in_order_on_one_thread()
    {
        using var queue = New();
        var done = new List<int>();
        var threads = new HashSet<int>();
        var fences = Enumerable.Range(0, 500).Select(i => queue.Submit(new ScriptedCommand(() =>
        {
            done.Add(i);
            threads.Add(Environment.CurrentManagedThreadId);
        }))).ToList();
        Assert.True(fences[^1].Wait(Patience));
        Assert.All(fences, fence => Assert.True(fence.IsComplete && fence.Fault is null));
        Assert.Equal(Enumerable.Range(0, 500), done);
        Assert.NotEqual(Environment.CurrentManagedThreadId, Assert.Single(threads));
    }

    [Fact]
    public void Work_of_many_threads_is_done_once_each()
    {
        using var queue = New();
        var counts = new int[8];
        var submitters = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            for (var i = 0; i < 300; i++) queue.Run(new ScriptedCommand(() => counts[t]++));
        })).ToList();
        submitters.ForEach(thread => thread.Start());
        submitters.ForEach(thread => thread.Join());
        Assert.All(counts, count => Assert.Equal(300, count));
    }

    [Fact]
    public void Faults_are_their_fences_affair_and_the_queue_goes_on()
    {
        using var queue = New();
        var typed = new OutOfDeviceMemoryException("gpu", 17);
        var fences = new[]
        {
            queue.Submit(new ScriptedCommand(() => { })),
            queue.Submit(new ScriptedCommand(() => throw typed)),
            queue.Submit(new ScriptedCommand(() => throw new InvalidOperationException("odd"))),
            queue.Submit(new ScriptedCommand(() => throw new OperationCanceledException())),
            queue.Submit(new ScriptedCommand(() => { })),
        };
        queue.Drain();
        Assert.All(fences, fence => Assert.True(fence.IsComplete));
        Assert.Null(fences[0].Fault);
        Assert.Same(typed, fences[1].Fault);
        Assert.Equal((FaultKind.Defect, "translated: odd"), (fences[2].Fault!.Kind, fences[2].Fault!.Message));
        Assert.Equal(FaultKind.Cancelled, fences[3].Fault!.Kind);
        Assert.Null(fences[4].Fault);
        Assert.Same(typed, Assert.Throws<OutOfDeviceMemoryException>(() => queue.Run(new ScriptedCommand(() => throw typed))));
        Assert.False(queue.IsLost);
    }

    [Fact]
    public void Late_fences_keep_their_faults_though_others_follow()
    {
        using var queue = New();
        var first = queue.Submit(new ScriptedCommand(() => throw new InvalidOperationException("first")));
        for (var i = 0; i < 500; i++) queue.Submit(new ScriptedCommand(i % 3 == 0 ? () => throw new InvalidOperationException("later") : () => { }));
        queue.Drain();
        Assert.Equal("translated: first", first.Fault?.Message);
    }

    [Fact]
    public void Lost_device_fails_what_waits_and_what_comes_but_gives_back()
    {
        using var queue = New();
        using var go = new ManualResetEventSlim();
        var (ran, completed, released) = (0, 0, 0);
        var losing = queue.Submit(new ScriptedCommand(() =>
        {
            go.Wait(Patience);
            throw new DeviceLostException("gone");
        }, completed: () => completed++));
        var waiting = Enumerable.Range(0, 5).Select(_ => queue.Submit(new ScriptedCommand(() => ran++, completed: () => completed++))).ToList();
        var release = queue.Submit(new ScriptedCommand(() => released++, releases: true));
        go.Set();
        queue.Drain();
        Assert.True(queue.IsLost);
        Assert.Equal((0, 6, 1), (ran, completed, released));
        Assert.IsType<DeviceLostException>(losing.Fault);
        Assert.All(waiting, fence => Assert.IsType<DeviceLostException>(fence.Fault));
        Assert.Null(release.Fault);
        Assert.Equal("gone", Assert.Throws<DeviceLostException>(() => queue.Submit(new ScriptedCommand(() => ran++))).Message);
        queue.Run(new ScriptedCommand(() => released++, releases: true));
        Assert.Equal((0, 2), (ran, released));
    }

    [Fact]
    public void Disposing_does_what_is_queued_and_ends_the_thread()
    {
        var queue = New();
        using var go = new ManualResetEventSlim();
        Thread? worker = null;
        var done = 0;
        queue.Submit(new ScriptedCommand(() =>
        {
            worker = Thread.CurrentThread;
            go.Wait(Patience);
        }));
        for (var i = 0; i < 20; i++) queue.Submit(new ScriptedCommand(() => done++));
        var ending = new Thread(queue.Dispose);
        ending.Start();
        go.Set();
        Assert.True(ending.Join(Patience));
        Assert.Equal(20, done);
        Assert.False(worker!.IsAlive);
        Assert.Throws<ObjectDisposedException>(() => queue.Submit(new ScriptedCommand(() => { })));
        queue.Dispose();
    }

    [Fact]
    public void Waiting_ends_with_the_work_or_with_the_time()
    {
        using var queue = New();
        using var go = new ManualResetEventSlim();
        var fence = queue.Submit(new ScriptedCommand(() => go.Wait(Patience)));
        Assert.False(fence.Wait(TimeSpan.Zero));
        Assert.False(fence.Wait(TimeSpan.FromMilliseconds(1)));
        Assert.False(fence.IsComplete);
        go.Set();
        Assert.True(fence.Wait(Timeout.InfiniteTimeSpan));
        Assert.True(fence.IsComplete);
    }

    [Fact]
    public void Submitting_and_waiting_allocate_nothing()
    {
        using var queue = New();
        long byWorker = 0;
        var command = new ScriptedCommand(() => byWorker = GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < 200; i++) Step();
        var (mine, its) = (GC.GetAllocatedBytesForCurrentThread(), byWorker);
        for (var i = 0; i < 1000; i++) Step();
        Assert.Equal(mine, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(its, byWorker);

        void Step()
        {
            var fence = queue.Submit(command);
            if (!fence.Wait(Patience) || fence.Fault is not null) throw new InvalidOperationException("The command did not end well.");
        }
    }

    private static CommandQueue New() => new("test queue", exception => new DeviceFault(FaultKind.Defect, $"translated: {exception.Message}", exception));
}
