namespace Hotplug.Server.Administration;

/// <summary>What was done when models were put elsewhere.</summary>
internal sealed record PlaceDocument(IReadOnlyList<MoveItem> Models);
