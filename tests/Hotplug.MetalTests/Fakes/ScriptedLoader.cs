using Hotplug.Metal.Interop.Loading;

namespace Hotplug.MetalTests.Fakes;

/// <summary>A loader of libraries that exist by name alone.</summary>
internal sealed class ScriptedLoader : ILibraryLoader
{
    private readonly List<string> _loaded = [];

    public bool IsMac { get; init; } = true;
    public string SystemName => "test";
    public int PageSize => 16384;

    /// <summary>A library that cannot be loaded.</summary>
    public string? WithoutLibrary { get; init; }

    /// <summary>A function that no library has.</summary>
    public string? WithoutSymbol { get; init; }

    /// <summary>Every load, free and look-up, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Libraries that are loaded now.</summary>
    public HashSet<nint> Open { get; } = [];

    public bool TryLoad(string path, out nint library)
    {
        library = 0;
        Log.Add($"load {path}");
        if (path == WithoutLibrary) return false;
        _loaded.Add(path);
        library = _loaded.Count;
        Open.Add(library);
        return true;
    }

    public bool TryGetExport(nint library, string symbol, out nint address)
    {
        address = symbol == WithoutSymbol ? 0 : 0x1000 + Log.Count;
        Log.Add($"{_loaded[(int)library - 1]} {symbol}");
        return address != 0;
    }

    public void Free(nint library)
    {
        Log.Add($"free {_loaded[(int)library - 1]}");
        if (!Open.Remove(library)) throw new InvalidOperationException("Freed twice.");
    }
}
