using System.Runtime.CompilerServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>
/// Base of the suites. Each test has a backend of its own, started before and ended behind it; the end fails the test if anything that the
/// backend had from its host is not back, or if it wrote where it must not.
/// </summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class BackendSuite<TFixture> : IAsyncLifetime where TFixture : BackendFixture, new()
{
    private BackendRun? _run;

    /// <summary>Makes backends.</summary>
    protected TFixture Fixture { get; } = new();

    /// <summary>The backend of this test.</summary>
    protected BackendRun Run => _run ?? throw new InvalidOperationException("The test has not been initialised.");

    /// <summary>Id of the device that the suite runs on; null for the first. Derive a suite once per device.</summary>
    public virtual string? DeviceId => null;

    /// <summary>The device of this test.</summary>
    protected virtual IDevice Device => Run.Device(DeviceId);

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        try
        {
            _run = await Fixture.StartAsync();
        }
        catch (BackendUnavailableException exception)
        {
            Assert.Skip(exception.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_run is not null) await _run.DisposeAsync();
    }

    /// <summary>How many of a number of random cases are run on this backend.</summary>
    protected int CasesOf(int cases) => CaseCount.Of(cases, Fixture.CaseShare);

    /// <summary>The random numbers of a test.</summary>
    protected Random NewRandom([CallerMemberName] string test = "") => TestSeed.For(test);
}
