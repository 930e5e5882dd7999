using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Hotplug.Testing.Hosting;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>
/// Host services that fail, at every call that the backend makes of them while it is started, loaded, run and ended: the failure is the host's own or a
/// typed one, and when everything has been disposed nothing is held.
/// </summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class FaultSuite<TFixture> : BackendSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>Calls of one service that are tried; of more, every n-th.</summary>
    protected virtual int Calls => 24;

    /// <summary>Memory of the host fails.</summary>
    [Fact]
    public Task Failing_allocations_leave_nothing() => Inject(HostService.Allocate);

    /// <summary>Threads of the host fail.</summary>
    [Fact]
    public Task Failing_workers_leave_nothing() => Inject(HostService.CreateWorkers);

    /// <summary>The log fails.</summary>
    [Fact]
    public Task Failing_log_leaves_nothing() => Inject(HostService.Log);

    /// <summary>The metrics fail.</summary>
    [Fact]
    public Task Failing_metrics_leave_nothing() => Inject(HostService.Metrics);

    /// <summary>A buffer that cannot be made leaves the device as it was, and the next one can be.</summary>
    [Fact]
    public void Failed_allocation_leaves_the_device_usable()
    {
        foreach (var type in Device.BufferTypes)
        {
            if (type.MaxLength >= nuint.MaxValue / 4) continue;
            var (bytes, free) = (Run.Host.OpenBytes, Device.QueryMemory().Free);
            var memory = new Abstractions.Memory.AddressRange(type.BaseAlignment, type.MaxLength + 1);
            for (var i = 0; i < 20; i++)
                Expect.Fault(FaultKind.TooLarge, $"A buffer of {type.Name} above its largest allocation", () => type.Allocate(new()
                {
                    Range = memory,
                    Length = memory.Length,
                    Backing = type.Traits.HostVisible ? new((nint)memory.Start, memory.Length, Abstractions.Memory.HostAccess.ReadWrite) : null,
                }).Dispose());
            Assert.Equal(bytes, Run.Host.OpenBytes);
            if (!type.Traits.HostVisible) Assert.Equal(free, Device.QueryMemory().Free);
            Run.Allocate(type, nuint.Min(type.MaxLength, 1000)).Dispose();
        }
    }

    private async Task Inject(HostService service)
    {
        var calls = await Attempt(null, service);
        if (calls == 0) Assert.Skip($"The backend does not use {service}.");
        var step = Math.Max(1, calls / Calls);
        for (var call = 1; call <= calls; call += step) await Attempt(new HostFault(service, call), service);
    }

    /// <summary>A life of a backend; with a fault in it, as much as works.</summary>
    private async Task<int> Attempt(HostFault? fault, HostService service)
    {
        BackendRun? run = null;
        var calls = 0;
        try
        {
            run = await Fixture.StartAsync(fault);
            Live(run);
        }
        catch (Exception exception) when (fault is { } injected)
        {
            // The kind of a failure is the plugin's choice; that it is a failure of the contract, or the host's own exception, is not.
            Assert.True(exception is not LeftoverException, $"{injected}: {exception.Message}");
            Assert.True(exception is BackendException || InjectedFaultException.Caused(exception), $"{injected}: the backend threw {exception.GetType().Name}: {exception.Message}");
        }
        finally
        {
            if (run is not null)
            {
                calls = run.Host.Calls(service);
                try
                {
                    await run.DisposeAsync();
                }
                catch (LeftoverException exception) when (fault is { } injected)
                {
                    Assert.Fail($"{injected}: {exception.Message}");
                }
                calls = Math.Max(calls, run.Host.Calls(service));
            }
        }
        return calls;
    }

    private void Live(BackendRun run)
    {
        var random = NewRandom(nameof(FaultSuite<>));
        var device = run.Device(DeviceId);
        foreach (var type in device.BufferTypes)
        {
            var spec = new TensorSpec { Type = TensorType.Q8_0, Shape = new(64, 8) };
            using var buffer = run.Allocate(type, type.AllocationSize(spec));
            buffer.Buffer.Write(buffer.At(0, spec), 0, new byte[spec.ByteLength]);
            buffer.Buffer.Read(buffer.At(0, spec), 1, new byte[spec.RowBytes]);
        }
        foreach (var kind in (string[])[nameof(MatMul), nameof(Attention), nameof(RmsNorm)])
        {
            var graph = OperationCases.Make(kind, random, device.Info, TensorType.Q8_0);
            if (CaseCheck.Refusal(device, graph, device.BufferTypes[0]) is null) CaseCheck.Run(run, device, graph);
        }
    }
}
