namespace Hotplug.Metal.Fake;

/// <summary>A stand-in for Metal and the Objective-C runtime.</summary>
public sealed class FakeMetal
{
}
