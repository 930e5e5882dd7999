namespace Hotplug.Abstractions.Devices;

/// <summary>One limit of a device, measured.</summary>
/// <param name="Kind">What it limits, and the unit of <paramref name="Value"/>.</param>
/// <param name="Subject">What was run, for people: "int16 products, 256 bits".</param>
/// <param name="Threads">Threads, or whatever the device computes with, that took part; 1 if it does not divide.</param>
/// <param name="Value">The best of several tries.</param>
public sealed record RooflineFigure(RooflineKind Kind, string Subject, int Threads, double Value);
