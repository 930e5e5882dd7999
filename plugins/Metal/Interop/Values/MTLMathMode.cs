namespace Hotplug.Metal.Interop.Values;

/// <summary>How far floating-point results may stray from IEEE 754.</summary>
internal enum MTLMathMode : long
{
    Safe = 0,
    Relaxed = 1,
    Fast = 2,
}
