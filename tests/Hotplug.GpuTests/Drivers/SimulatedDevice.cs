using Hotplug.Abstractions.Devices;
using Hotplug.Gpu.Discovery;
using Hotplug.Gpu.Drivers;
using ILGPU.Runtime.OpenCL;
using Xunit;

namespace Hotplug.GpuTests.Drivers;

/// <summary>
/// ILGPU's emulator with bad days: calls of its driver fail where a test says so, with what a driver throws, and what is open is counted. A device that is gone fails
/// every call, also those that give something back, as a driver with a broken context does; what stands behind it is given back all the same, so that tests leave nothing.
/// </summary>
internal sealed class SimulatedDevice
{
    private readonly FoundDevice _emulator = DeviceFinder.Emulator();
    private readonly int[] _calls = new int[Enum.GetValues<DriverCall>().Length];
    private readonly Dictionary<(DriverCall Call, int Number), Func<Exception?>> _plan = [];
    private readonly Lock _gate = new();
    private int _memories;
    private int _locks;
    private int _drivers;
    private volatile bool _gone;

    /// <param name="change">Other facts than the emulator's.</param>
    public SimulatedDevice(Func<DriverFacts, DriverFacts>? change = null)
    {
        // One lane, which waits for no other: it is not kernels that are tested.
        var facts = _emulator.Facts with { Id = "simulated", GroupSize = 1, TileGroupSize = 1 };
        Facts = change?.Invoke(facts) ?? facts;
    }

    /// <summary>What the device says of itself.</summary>
    public DriverFacts Facts { get; }

    /// <summary>What the driver says of its memory.</summary>
    public DeviceMemory Memory { get; set; } = new(1 << 30, null);

    /// <summary>Bytes at once that are page-locked; a driver refuses the rest.</summary>
    public bool LocksPages { get; set; } = true;

    /// <summary>The device, for the plugin.</summary>
    public FoundDevice Found => new(Facts, () =>
    {
        Enter(DriverCall.Open);
        var inner = _emulator.Open();
        Interlocked.Increment(ref _drivers);
        return new FaultyDriver(this, inner);
    });

    /// <summary>Blocks of memory, locks and drivers that are open.</summary>
    public (int Memories, int Locks, int Drivers) Live => (Volatile.Read(ref _memories), Volatile.Read(ref _locks), Volatile.Read(ref _drivers));

    /// <summary>True if the context is broken.</summary>
    public bool IsGone => _gone;

    /// <summary>What a broken context reports.</summary>
    public static Exception Broken => new CLException(CLError.CL_OUT_OF_RESOURCES);

    /// <summary>What a full device reports.</summary>
    public static Exception Full => new CLException(CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE);

    /// <summary>What a compiler reports that does not like a kernel.</summary>
    public static Exception BadKernel => new CLException(CLError.CL_BUILD_PROGRAM_FAILURE);

    /// <summary>How often a call was made.</summary>
    public int Calls(DriverCall call) => Volatile.Read(ref _calls[(int)call]);

    /// <summary>Has the <paramref name="number"/>th call of a kind from now on, from 1, fail once.</summary>
    public void Fail(DriverCall call, Exception exception, int number = 1) => Plan(call, number, () => exception);

    /// <summary>Breaks the context at the <paramref name="number"/>th call of a kind from now on.</summary>
    public void LoseAt(DriverCall call, int number = 1) => Plan(call, number, () =>
    {
        Lose();
        return null;
    });

    /// <summary>Has a call of a kind wait until the test is ready.</summary>
    public void HoldAt(DriverCall call, ManualResetEventSlim reached, ManualResetEventSlim go) => Plan(call, 1, () =>
    {
        reached.Set();
        if (!go.Wait(TimeSpan.FromSeconds(60))) throw new TimeoutException("The test did not let go.");
        return null;
    });

    /// <summary>Breaks the context.</summary>
    public void Lose() => _gone = true;

    /// <summary>Nothing is open any more.</summary>
    public void ExpectNothing() => Assert.Equal((0, 0, 0), Live);

    internal void Enter(DriverCall call)
    {
        var number = Interlocked.Increment(ref _calls[(int)call]);
        Func<Exception?>? planned;
        lock (_gate) _plan.Remove((call, number), out planned);
        if (planned?.Invoke() is { } exception) throw exception;
        if (_gone) throw Broken;
    }

    internal void Opened(DriverCall call) => Interlocked.Increment(ref Counter(call));

    internal void Closed(DriverCall call) => Interlocked.Decrement(ref Counter(call));

    private ref int Counter(DriverCall call)
    {
        if (call == DriverCall.Free) return ref _memories;
        if (call == DriverCall.Unlock) return ref _locks;
        return ref _drivers;
    }

    private void Plan(DriverCall call, int number, Func<Exception?> what)
    {
        lock (_gate) _plan[(call, Calls(call) + number)] = what;
    }
}
