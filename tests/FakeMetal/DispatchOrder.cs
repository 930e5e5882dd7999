namespace Hotplug.Metal.Fake;

/// <summary>The order in which dispatches of a concurrent encoder run between two barriers.</summary>
public enum DispatchOrder
{
    /// <summary>Last first: whatever relies on an order that no barrier makes goes wrong every time.</summary>
    Reversed,

    /// <summary>Any, by <see cref="FakeOptions.Seed"/>.</summary>
    Shuffled,

    /// <summary>As they were recorded, as most hardware does most of the time.</summary>
    Recorded,
}
