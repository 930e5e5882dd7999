using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Metal.Fake;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.MslExecutor;
using Hotplug.Testing.Fixtures;

namespace Hotplug.MetalTests.Contract;

/// <summary>The plugin upon a double of Metal, with the kernels that ship run on the processor; without a compiler for them those suites skip and say so.</summary>
public abstract class MetalFixture : BackendFixture
{
    public override nuint MemoryBudget => 16 << 20;

    public override bool CanLoseDevice => true;

    /// <summary>Settings of the plugin.</summary>
    public IReadOnlyDictionary<string, string> Limits { get; init; } = new Dictionary<string, string>();

    public override IReadOnlyDictionary<string, string> Settings => Limits;

    /// <summary>Whether kernels compute; otherwise they do nothing, and no compiler is needed.</summary>
    protected virtual bool RunsKernels => true;

    /// <summary>How the kernels are run.</summary>
    protected virtual ExecutorOptions Executor => new();

    /// <summary>The clock, or null for the system's.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>The Mac.</summary>
    public abstract FakeOptions Mac { get; init; }

    public override void LoseDevice(BackendRun run)
    {
        Fake(run).Faults.DeviceLost = true;
        // Metal tells with the next work, whatever it is.
        var type = run.Device().BufferTypes.Single(t => !t.Traits.HostVisible);
        using var buffer = run.Allocate(type, 256);
        try
        {
            buffer.Buffer.Clear(0, 256);
        }
        catch (DeviceLostException)
        {
            return;
        }
        throw new InvalidOperationException("A device that is gone did as it was told.");
    }

    /// <summary>The double below a backend.</summary>
    public static FakeMetal Fake(BackendRun run) => ((FakeMetalPlugin)run.Plugin).Fake;

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        if (RunsKernels && Toolchain.Current.Unavailable is { } reason) throw new BackendUnavailableException([reason]);
        return new FakeMetalPlugin(Mac with { Compiler = RunsKernels ? new MslCompiler(Executor) : new IdleCompiler() }, Time);
    }
}

/// <summary>Apple silicon: one memory, pages of 16 KiB.</summary>
public class UnifiedFixture : MetalFixture
{
    public override FakeOptions Mac { get; init; } = new() { Unified = true, PageSize = 16384, MaxBufferLength = (12 << 20) + 5000 };
}

/// <summary>An Intel Mac with a card: memory of its own, pages of 4 KiB, a system before residency sets.</summary>
public class DiscreteFixture : MetalFixture
{
    // The kernels are those of the other, where they are run in full.
    public override double CaseShare => 0.25;

    public override FakeOptions Mac { get; init; } = new() { Unified = false, PageSize = 4096, IntelEncodings = true, MacVersion = 14, MaxBufferLength = 10 << 20 };
}

/// <summary>With every access of a kernel checked and traced: what two dispatches share without a barrier between them is found.</summary>
public sealed class CheckedFixture : MetalFixture
{
    public override FakeOptions Mac { get; init; } = new();

    protected override ExecutorOptions Executor => new() { Checked = true };
}

/// <summary>Apple silicon that is soon full.</summary>
public sealed class SmallUnifiedFixture : MetalFixture
{
    public override FakeOptions Mac { get; init; } = new UnifiedFixture().Mac with { RecommendedMaxWorkingSetSize = 14 << 20, MemoryLimit = 12 << 20 };
}

/// <summary>A card that is soon full.</summary>
public sealed class SmallDiscreteFixture : MetalFixture
{
    public override FakeOptions Mac { get; init; } = new DiscreteFixture().Mac with { RecommendedMaxWorkingSetSize = 10 << 20, MemoryLimit = 10 << 20 };
}
