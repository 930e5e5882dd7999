namespace Hotplug.Runtime.Plugins.Loading;

/// <summary>
/// A private copy of a plugin's folder from which it is loaded, so that the folder it was found in may be replaced, deleted or be read-only.
/// Held until disposed: while one process holds it, no other deletes it.
/// </summary>
internal sealed class ShadowCopy : IDisposable
{
    private readonly FileStream? _hold;
    private readonly string? _temporary;

    internal ShadowCopy(string folder, string contentHash, FileStream? hold, string? temporary, string? notice)
        => (Folder, ContentHash, _hold, _temporary, Notice) = (folder, contentHash, hold, temporary, notice);

    /// <summary>The folder to load from.</summary>
    public string Folder { get; }

    /// <summary>Hash of all files of the plugin.</summary>
    public string ContentHash { get; }

    /// <summary>What did not go as usual, or null.</summary>
    public string? Notice { get; }

    /// <summary>Lets the copy go and, if asked, deletes it unless another holds it.</summary>
    public void Release(bool delete)
    {
        Dispose();
        if (delete && _hold is not null) ShadowCopyCache.DeleteUnheld(Folder);
    }

    /// <summary>Lets the copy go. A later load of another content deletes it; one of the same content uses it again.</summary>
    public void Dispose()
    {
        if (_hold is not null)
        {
            var path = _hold.Name;
            _hold.Dispose();
            ShadowCopyCache.TryDelete(() => File.Delete(path));
        }
        if (_temporary is not null) ShadowCopyCache.TryDelete(() => Directory.Delete(_temporary, recursive: true));
    }
}
