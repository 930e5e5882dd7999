namespace Hotplug.Metal.Interop;

/// <summary>
/// Libraries of macOS that are loaded. On current systems none of these files exists on disk: the dynamic loader finds them in its shared cache, so
/// their presence is never looked up in the file system.
/// </summary>
internal static class LibraryPaths
{
    public const string ObjectiveC = "/usr/lib/libobjc.A.dylib";
    public const string Foundation = "/System/Library/Frameworks/Foundation.framework/Foundation";
    public const string Metal = "/System/Library/Frameworks/Metal.framework/Metal";

    /// <summary>Called by nobody here; a process without it gets no default device.</summary>
    public const string CoreGraphics = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics";
}
