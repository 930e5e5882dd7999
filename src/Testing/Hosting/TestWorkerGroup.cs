using Hotplug.Abstractions.Plugins;

namespace Hotplug.Testing.Hosting;

/// <summary>Worker threads that sleep between tasks; simple rather than fast. Counts what tasks allocate on them.</summary>
internal sealed class TestWorkerGroup : IWorkerGroup
{
    private readonly TestPluginHost _host;
    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private readonly List<Exception> _failures = [];
    private IWorkerTask? _task;
    private int _round;
    private int _working;
    private bool _ended;
    private bool _returned;
    private long _allocated;
    private int _running;

    public TestWorkerGroup(TestPluginHost host, string name, int count)
    {
        (_host, Name, Count) = (host, name, count);
        _threads = new Thread[count - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { Name = $"{name} {worker}", IsBackground = true };
            _threads[i].Start();
        }
    }

    public string Name { get; }

    public int Count { get; }

    public long AllocatedByWorkers => Interlocked.Read(ref _allocated);

    public void Run(IWorkerTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        ObjectDisposedException.ThrowIf(_ended, this);
        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            _host.Report($"Two tasks at once on worker group \"{Name}\".");
            throw new InvalidOperationException($"Worker group \"{Name}\" runs one task at a time.");
        }
        try
        {
            lock (_gate)
            {
                (_task, _working) = (task, _threads.Length);
                _round++;
                Monitor.PulseAll(_gate);
            }
            Exception? own = null;
            try
            {
                task.Run(0, Count);
            }
            catch (Exception exception)
            {
                own = exception;
            }
            lock (_gate)
            {
                while (_working != 0) Monitor.Wait(_gate);
                _task = null;
                if (own is not null) _failures.Add(own);
                if (_failures.Count == 0) return;
                var failure = new AggregateException(_failures);
                _failures.Clear();
                throw failure;
            }
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_returned) return;
            if (_threads.Contains(Thread.CurrentThread))
            {
                _host.Report($"Worker group \"{Name}\" was disposed from within a task.");
                throw new InvalidOperationException("A worker group is not disposed from within a task.");
            }
            _returned = _ended = true;
            Monitor.PulseAll(_gate);
        }
        foreach (var thread in _threads) thread.Join();
        _host.Returned(this);
    }

    private void Work(int worker)
    {
        var done = 0;
        while (true)
        {
            IWorkerTask task;
            lock (_gate)
            {
                while (_round == done && !_ended) Monitor.Wait(_gate);
                if (_round == done) return;
                (done, task) = (_round, _task!);
            }
            var before = GC.GetAllocatedBytesForCurrentThread();
            Exception? failure = null;
            try
            {
                task.Run(worker, Count);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
            Interlocked.Add(ref _allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            lock (_gate)
            {
                if (failure is not null) _failures.Add(failure);
                if (--_working == 0) Monitor.PulseAll(_gate);
            }
        }
    }
}
