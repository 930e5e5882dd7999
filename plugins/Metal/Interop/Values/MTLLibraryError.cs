namespace Hotplug.Metal.Interop.Values;

/// <summary>Why there is no library: the code of the NSError.</summary>
internal enum MTLLibraryError : ulong
{
    Unsupported = 1,
    Internal = 2,
    CompileFailure = 3,
    CompileWarning = 4,
    FunctionNotFound = 5,
    FileNotFound = 6,
}
