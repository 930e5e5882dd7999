namespace Hotplug.Metal.Interop.Loading;

/// <summary>What came of loading the Objective-C runtime and Metal.</summary>
internal enum LoadOutcome
{
    /// <summary>Everything is there.</summary>
    Loaded,

    /// <summary>This is no Mac; nothing was loaded.</summary>
    NotThisSystem,

    /// <summary>A library is missing.</summary>
    LibraryMissing,

    /// <summary>A library lacks a function.</summary>
    FunctionMissing,
}
