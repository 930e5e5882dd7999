using System.Diagnostics.Metrics;
using CsCheck;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Services;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class PluginHostTests
{
    [Fact]
    public void Memory_is_zeroed_aligned_writable_and_counted()
        => Gen.Select(Gen.Int[1, 100_000], Gen.Int[0, 16]).Sample((bytes, shift) =>
        {
            using var host = new PluginHost("test", "/");
            var memory = host.Allocate((nuint)bytes, (nuint)1 << shift);
            Assert.Equal((nuint)bytes, memory.Length);
            Assert.Equal(0, memory.Pointer & ((1 << shift) - 1));
            unsafe
            {
                var span = new Span<byte>((void*)memory.Pointer, bytes);
                Assert.Equal(-1, span.IndexOfAnyExcept((byte)0));
                span.Fill(0xff);
            }
            Assert.Equal(new HostLedgerTotals(1, (nuint)bytes, 0, 0), host.Outstanding);
            memory.Dispose();
            memory.Dispose();
            Assert.True(host.Outstanding.IsEmpty);
        }, iter: 200);

    [Fact]
    public void Impossible_requests_fail_and_leave_nothing()
    {
        using var host = new PluginHost("test", "/");
        Assert.Throws<ArgumentOutOfRangeException>(() => host.Allocate(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => host.Allocate(1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => host.Allocate(1, 0));
        Assert.Throws<OutOfMemoryException>(() => host.Allocate(nuint.MaxValue, 4096));
        Assert.Throws<OutOfMemoryException>(() => host.Allocate(nuint.MaxValue / 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => host.CreateWorkers("x", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PluginHost("test", "/", threads: 0));
        Assert.True(host.Outstanding.IsEmpty);
    }

    [Fact]
    public void What_is_left_is_reported_and_taken_back()
    {
        var host = new PluginHost("test", "/");
        host.Allocate(100, 1);
        var workers = host.CreateWorkers("w", 3);
        host.CreateWorkers("returned", 2).Dispose();
        Assert.Equal(new HostLedgerTotals(1, 100, 1, 2), host.Close());
        Assert.True(host.Outstanding.IsEmpty);
        Assert.Throws<ObjectDisposedException>(() => workers.Run(new Nothing()));
        Assert.Throws<ObjectDisposedException>(() => host.Allocate(1, 1));
        Assert.True(host.Close().IsEmpty);
    }

    [Fact]
    public void The_lifetime_ends_before_the_host_and_faulty_reactions_are_text()
    {
        var host = new PluginHost("test", "/");
        var reacted = false;
        host.Lifetime.Register(() => reacted = true);
        host.Lifetime.Register(() => throw new InvalidOperationException("no"));
        Assert.Contains("InvalidOperationException: no", host.SignalEnd());
        Assert.True(reacted);
        Assert.True(host.Lifetime.IsCancellationRequested);
        host.Close();
    }

    [Fact]
    public void Messages_and_measurements_reach_the_host_with_the_backends_id()
    {
        var logger = new ListLogger();
        using var host = new PluginHost("metered", "/", logger: logger);
        var measured = new List<(string Name, double Value)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == RuntimeMeter.Name) l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Take(i, v, tags));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Take(i, v, tags));
        listener.Start();

        host.Log.Write(PluginLogLevel.Warning, "mind the gap");
        host.Metrics.Count("test.things", 3);
        host.Metrics.Record("test.size", 1.5);

        Assert.Equal((LogLevel.Warning, "[metered] mind the gap"), Assert.Single(logger.Messages));
        Assert.Equal([("hotplug.plugin.test.things", 3.0), ("hotplug.plugin.test.size", 1.5)], measured);

        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
                if (tag.Key == RuntimeMeter.BackendTag && tag.Value is "metered") measured.Add((instrument.Name, value));
        }
    }

    private sealed class Nothing : IWorkerTask
    {
        public void Run(int worker, int count)
        {
        }
    }

    private sealed class ListLogger : ILogger
    {
        public List<(LogLevel, string)> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Messages.Add((logLevel, formatter(state, exception)));
    }
}
