namespace Hotplug.Runtime.Placement;

/// <summary>Where the bytes of a weight stand.</summary>
/// <param name="File">Number of the file.</param>
/// <param name="Offset">Bytes from the start of that file.</param>
public readonly record struct WeightLocation(int File, long Offset);
