using Hotplug.Metal.Fake.Execution;
using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>What compute and blit encoders have in common.</summary>
internal abstract class FakeEncoder(FakeRuntime runtime, string className, FakeCommandBuffer commands, Pass pass) : FakeObject(runtime, className)
{
    private bool _ended;

    protected FakeCommandBuffer Commands { get; } = commands;
    protected Pass Pass { get; } = pass;

    public override void Void(string selector)
    {
        if (selector != "endEncoding")
        {
            base.Void(selector);
            return;
        }
        if (_ended) Violation(ViolationKind.State, "it was ended twice.");
        _ended = true;
        Commands.Ended(this);
    }

    /// <summary>Whether something can still be recorded.</summary>
    protected bool IsOpen(string selector)
    {
        if (_ended) Violation(ViolationKind.State, $"{selector} after it was ended.");
        return !_ended;
    }

    protected override void Gone()
    {
        if (!_ended) Violation(ViolationKind.State, "it was given back without being ended.");
    }
}
