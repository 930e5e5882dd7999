namespace Acme.Plugin_1.Programs;

/// <summary>Where a value lies: in the tensor or block of this kind and number, so many bytes behind its start.</summary>
internal readonly record struct Place(PlaceKind Kind, int Index, nuint Offset);
