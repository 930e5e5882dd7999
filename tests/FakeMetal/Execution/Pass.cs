using Hotplug.Metal.Fake.Objects;

namespace Hotplug.Metal.Fake.Execution;

/// <summary>The commands of one encoder, and what orders them.</summary>
/// <param name="concurrent">Whether they may overlap where no barrier stands between them.</param>
internal sealed class Pass(bool concurrent)
{
    private readonly List<Step> _steps = [];
    private readonly List<(int Before, HashSet<FakeBuffer> Resources)> _barriers = [];
    private int _epoch;

    /// <summary>Whether anything is left open by the order of recording.</summary>
    public bool IsConcurrent => concurrent;

    public IReadOnlyList<Step> Steps => _steps;

    public void Add(Command command) => _steps.Add(new(command, _epoch, _steps.Count));

    /// <summary>Orders everything before against everything after.</summary>
    public void AddBarrier() => _epoch++;

    /// <summary>Orders the uses of some buffers before against those after.</summary>
    public void AddBarrier(HashSet<FakeBuffer> resources) => _barriers.Add((_steps.Count, resources));

    /// <summary>Whether the earlier of two commands is done before the later begins.</summary>
    public bool AreOrdered(Step earlier, Step later)
    {
        if (!concurrent || earlier.Epoch != later.Epoch) return true;
        return _barriers.Any(b => earlier.Position < b.Before && later.Position >= b.Before && b.Resources.Any(r => Uses(earlier, r) && Uses(later, r)));
    }

    private static bool Uses(Step step, FakeBuffer buffer) => step.Command is DispatchCommand dispatch && dispatch.Binds(buffer);

    /// <summary>A command in its place.</summary>
    /// <param name="Command">What.</param>
    /// <param name="Epoch">Number of barriers before it that order everything.</param>
    /// <param name="Position">Its number.</param>
    internal sealed record Step(Command Command, int Epoch, int Position);
}
