namespace Hotplug.Metal.Interop.Loading;

/// <summary>What loading needs of the system.</summary>
internal interface ILibraryLoader
{
    /// <summary>Whether this is macOS on a processor with 64-bit pointers.</summary>
    bool IsMac { get; }

    /// <summary>What this system is, for a message.</summary>
    string SystemName { get; }

    /// <summary>Bytes of a page.</summary>
    int PageSize { get; }

    /// <summary>Loads a library; the caller gives it back with <see cref="Free"/>.</summary>
    bool TryLoad(string path, out nint library);

    /// <summary>The address of an exported function.</summary>
    bool TryGetExport(nint library, string symbol, out nint address);

    /// <summary>Gives a library back.</summary>
    void Free(nint library);
}
