using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>A shared event. Waiting for it runs the committed work that is to raise it; with none of that the time is over at once.</summary>
internal sealed class FakeSharedEvent(FakeRuntime runtime) : FakeObject(runtime, "MTLSharedEvent")
{
    private readonly List<(FakeCommandBuffer Commands, ulong Value)> _promised = [];
    private ulong _value;

    /// <summary>A command buffer was committed that raises it.</summary>
    public void Promise(FakeCommandBuffer commands, ulong value) => _promised.Add((commands, value));

    /// <summary>That command buffer has ended.</summary>
    public void Settle(FakeCommandBuffer commands, bool completed)
    {
        foreach (var (_, value) in _promised.Where(p => p.Commands == commands))
        {
            if (!completed) continue;
            if (value <= _value) Violation(ViolationKind.State, $"it was signalled {value} after {_value}.");
            _value = Math.Max(_value, value);
        }
        _promised.RemoveAll(p => p.Commands == commands);
    }

    public override ulong UInt64(string selector) => selector == "signaledValue" ? _value : base.UInt64(selector);

    public override bool BoolUInt64UInt64(string selector, ulong first, ulong second)
    {
        if (selector != "waitUntilSignaledValue:timeoutMS:") return base.BoolUInt64UInt64(selector, first, second);
        while (_value < first && _promised.Count > 0)
        {
            var commands = _promised[0].Commands;
            commands.Run();
            if (!commands.IsEnded) break;
        }
        if (_value < first) Runtime.Faults.Waited?.Invoke(TimeSpan.FromMilliseconds(second));
        return _value >= first;
    }
}
