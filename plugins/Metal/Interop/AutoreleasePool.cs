namespace Hotplug.Metal.Interop;

/// <summary>
/// An autorelease pool for the length of a scope. Threads of .NET have none, and without one everything that Metal returns unowned leaks. A ref struct,
/// because a pool is closed on the thread that opened it: it cannot live across an await.
/// </summary>
internal readonly unsafe ref struct AutoreleasePool
{
    private readonly ObjectiveCTable _table;
    private readonly nint _token;

    /// <summary>Opens a pool on this thread.</summary>
    public AutoreleasePool(ObjectiveCTable table)
    {
        _table = table;
        _token = table.PushPool();
    }

    /// <summary>Closes it: what was left unowned since it was opened is released.</summary>
    public void Dispose() => _table.PopPool(_token);
}
