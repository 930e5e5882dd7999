namespace Hotplug.Metal.Interop.Loading;

/// <summary>Libraries that were loaded, given back once and in reverse order.</summary>
internal sealed class LoadedLibraries(ILibraryLoader loader) : IDisposable
{
    private readonly Dictionary<string, nint> _byPath = [];
    private readonly Stack<nint> _inOrder = [];

    /// <summary>The handle of a library that was loaded.</summary>
    public nint this[string path] => _byPath[path];

    /// <summary>Loads one more.</summary>
    public bool TryAdd(string path)
    {
        if (!loader.TryLoad(path, out var library)) return false;
        _byPath.Add(path, library);
        _inOrder.Push(library);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_inOrder.TryPop(out var library)) loader.Free(library);
        _byPath.Clear();
    }
}
