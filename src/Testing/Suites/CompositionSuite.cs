using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>Base of the suites about several backends in one address space. Each test has backends and an address space of its own, which must be empty at its end.</summary>
public abstract class CompositionSuite : IAsyncLifetime
{
    private readonly Dictionary<BackendFixture, BackendRun> _runs = [];
    private List<IBufferType> _types = [];

    /// <summary>The kinds of buffers, two or three.</summary>
    protected abstract IReadOnlyList<CompositePart> Parts { get; }

    /// <summary>The buffer types of <see cref="Parts"/>, in order.</summary>
    protected IReadOnlyList<IBufferType> Types => _types;

    /// <summary>How many of a number of random cases are run with these backends.</summary>
    protected int CasesOf(int cases) => CaseCount.Of(cases, Parts.Min(part => part.Fixture.CaseShare));

    /// <summary>Where addresses come from.</summary>
    protected AddressSpace Space { get; } = new();

    /// <summary>The backends.</summary>
    protected IReadOnlyCollection<BackendRun> Runs => _runs.Values;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var parts = Parts;
        foreach (var part in parts)
        {
            if (_runs.ContainsKey(part.Fixture)) continue;
            try
            {
                _runs.Add(part.Fixture, await part.Fixture.StartAsync());
            }
            catch (BackendUnavailableException exception)
            {
                await DisposeAsync();
                Assert.Skip(exception.Message);
            }
        }
        _types = [.. parts.Select(part => _runs[part.Fixture].BufferType(part.BufferType).Type)];
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var run in _runs.Values) await run.DisposeAsync();
        _runs.Clear();
        Assert.Equal(default, Space.Usage);
    }
}
