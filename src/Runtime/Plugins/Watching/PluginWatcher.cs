using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Discovery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hotplug.Runtime.Plugins.Watching;

/// <summary>
/// Watches the folders that a catalogue searches, and tells when a loaded plugin's folder holds another content: a complete one, whose manifest is right and whose files all have their
/// hashes. Where a manifest lists no hashes, the content has to be the same at two looks. Each content is told once, whatever comes of it. Disposing waits for nothing.
/// </summary>
public sealed partial class PluginWatcher : IDisposable
{
    private readonly IBackendCatalog _catalog;
    private readonly PluginWatcherOptions _options;
    private readonly Func<PluginChange, CancellationToken, Task> _changed;
    private readonly ILogger _logger;
    private readonly List<FileSystemWatcher> _folders = [];
    private readonly Dictionary<string, string> _told = [];
    private readonly Dictionary<string, string> _seen = [];
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;
    private readonly Lock _gate = new();
    private readonly ITimer _quiet;
    private readonly ITimer _interval;
    private Task _looking = Task.CompletedTask;
    private bool _again;

    /// <summary>Begins to watch.</summary>
    /// <param name="catalog">The catalogue whose folders are watched.</param>
    /// <param name="changed">Told of a change, one at a time; what it throws is logged.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="loggers">Takes log messages; null for nowhere.</param>
    public PluginWatcher(IBackendCatalog catalog, Func<PluginChange, CancellationToken, Task> changed, PluginWatcherOptions? options = null, ILoggerFactory? loggers = null)
    {
        (_catalog, _changed, _options, _ended) = (catalog, changed, options ?? new(), _end.Token);
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Hotplug.Watcher");
        _quiet = _options.Time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _interval = _options.Time.CreateTimer(_ => Look(), null, _options.Interval, _options.Interval);
        if (!_options.Announced) return;
        foreach (var root in catalog.Report().Roots.Where(r => Directory.Exists(r.Path))) Watch(root.Path);
    }

    /// <summary>Completes when the looks that have begun are done, and what they told of has been dealt with.</summary>
    public Task Looking
    {
        get
        {
            lock (_gate) return _looking;
        }
    }

    /// <summary>Says that something may have changed; looked at when it has been quiet for a while.</summary>
    public void Signal()
    {
        lock (_gate)
            if (!_ended.IsCancellationRequested) _quiet.Change(_options.Quiet, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_ended.IsCancellationRequested) return;
            _end.Cancel();
        }
        foreach (var folder in _folders) folder.Dispose();
        _end.Dispose();
        _quiet.Dispose();
        _interval.Dispose();
    }

    private void Watch(string path)
    {
        try
        {
            var watcher = new FileSystemWatcher(path) { IncludeSubdirectories = true };
            watcher.Changed += (_, _) => Signal();
            watcher.Created += (_, _) => Signal();
            watcher.Renamed += (_, _) => Signal();
            watcher.Deleted += (_, _) => Signal();
            watcher.Error += (_, _) => Signal();
            watcher.EnableRaisingEvents = true;
            _folders.Add(watcher);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The interval is left.
            Unwatched(_logger, path, failure.Message);
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_ended.IsCancellationRequested) return;
            if (!_looking.IsCompleted)
            {
                _again = true;
                return;
            }
            _looking = Task.Run(LookAsync);
        }
    }

    private async Task LookAsync()
    {
        while (true)
        {
            foreach (var change in Changes())
            {
                Changed(_logger, change.Id, change.Version, change.Folder);
                try
                {
                    await _changed(change, _ended).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    if (!_ended.IsCancellationRequested) Failed(_logger, change.Id, change.Version, failure.Message);
                }
            }
            lock (_gate)
            {
                if (!_again || _ended.IsCancellationRequested) return;
                _again = false;
            }
        }
    }

    private List<PluginChange> Changes()
    {
        var changes = new List<PluginChange>();
        try
        {
            foreach (var plugin in _catalog.Rescan())
                if (Change(plugin) is { } change) changes.Add(change);
        }
        catch (ObjectDisposedException)
        {
            // The catalogue ended before its watcher.
        }
        return changes;
    }

    private PluginChange? Change(PluginInspection found)
    {
        var (id, folder) = (found.Manifest!.Id, found.Folder);
        // One that is not loaded is loaded from what is there when it is asked for. And a folder that is searched later is no successor of one that is just being written.
        if (_catalog.Backends.FirstOrDefault(b => b.Id == id) is not { ContentHash: { } loaded } known || known.Path != folder) return null;
        try
        {
            var plugin = PluginInspector.Inspect(folder, hashes: true);
            if (!plugin.IsUsable) return Wait(id, plugin.Rejection!.Reason);
            var content = PluginHashes.Of(plugin).Content;
            var complete = plugin.Manifest.Files.Count > 0 && plugin.Manifest.Files.All(f => f.Sha256 is not null);
            if (!complete && _seen.GetValueOrDefault(id) != content && content != loaded)
            {
                _seen[id] = content;
                Signal();
                return null;
            }
            if (content == loaded || _told.GetValueOrDefault(id) == content)
            {
                // Back to what is at work: should the other content come again, it is news again.
                if (content == loaded) _told.Remove(id);
                return null;
            }
            _told[id] = content;
            return new(id, plugin.Manifest.Version, folder, content);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Wait(id, failure.Message);
        }
    }

    private PluginChange? Wait(string id, string reason)
    {
        Incomplete(_logger, id, reason);
        return null;
    }

    [LoggerMessage(1100, LogLevel.Information, "Plugin {Id} has changed: version {Version} lies in {Folder}", EventName = "PluginChanged")]
    private static partial void Changed(ILogger logger, string id, string version, string folder);

    [LoggerMessage(1101, LogLevel.Debug, "Plugin {Id} is not complete yet: {Reason}", EventName = "PluginIncomplete")]
    private static partial void Incomplete(ILogger logger, string id, string reason);

    [LoggerMessage(1102, LogLevel.Warning, "Plugin {Id} was not changed to version {Version}: {Reason}", EventName = "PluginChangeFailed")]
    private static partial void Failed(ILogger logger, string id, string version, string reason);

    [LoggerMessage(1103, LogLevel.Warning, "{Folder} announces no changes ({Reason}); it is looked at now and then", EventName = "PluginFolderUnwatched")]
    private static partial void Unwatched(ILogger logger, string folder, string reason);
}
