using System.Runtime.InteropServices;

namespace Hotplug.Metal.Interop.Values;

/// <summary>A count in three dimensions. 24 bytes: passed through memory by both calling conventions, so never to be spread over three arguments.</summary>
/// <param name="Width">Along x.</param>
/// <param name="Height">Along y.</param>
/// <param name="Depth">Along z.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MTLSize(ulong Width, ulong Height = 1, ulong Depth = 1);
