using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>An NSArray, which holds its elements.</summary>
internal sealed class FakeArray : FakeObject
{
    private readonly IReadOnlyList<FakeObject> _elements;

    public FakeArray(FakeRuntime runtime, IReadOnlyList<FakeObject> elements) : base(runtime, "NSArray")
    {
        _elements = elements;
        foreach (var element in elements) element.Hold();
    }

    public override ulong UInt64(string selector) => selector == "count" ? (ulong)_elements.Count : base.UInt64(selector);

    public override nint IdUInt64(string selector, ulong value)
    {
        if (selector != "objectAtIndex:") return base.IdUInt64(selector, value);
        if (value >= (ulong)_elements.Count)
        {
            Violation(ViolationKind.Bounds, $"element {value} of {_elements.Count}.");
            return 0;
        }
        var element = _elements[(int)value];
        element.Retain();
        return Runtime.Autorelease(element);
    }

    protected override void Gone()
    {
        foreach (var element in _elements) element.Unhold();
    }
}
