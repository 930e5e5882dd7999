using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Discovery;
using McMaster.NETCore.Plugins.Loader;

namespace Hotplug.Runtime.Plugins.Loading;

/// <summary>
/// The load context of one plugin. Only Hotplug.Abstractions is shared with it. An unloadable one belongs to one generation; a pinned one is made once per content and kept.
/// </summary>
internal sealed class PluginContext
{
    // A pinned context cannot be unloaded, so it is kept to be activated again instead of being loaded twice.
    private static readonly ConcurrentDictionary<(string Id, string Content), PluginContext> Pinned = new();

    private AssemblyLoadContext? _context;
    private Func<IBackendPlugin>? _create;
    private ShadowCopy? _copy;

    private PluginContext(string id, PluginLoadMode mode, AssemblyLoadContext? context, Func<IBackendPlugin> create, ShadowCopy? copy)
        => (Id, Mode, _context, _create, _copy) = (id, mode, context, create, copy);

    /// <summary>Id of the plugin.</summary>
    public string Id { get; }

    /// <summary>Whether it can be unloaded.</summary>
    public PluginLoadMode Mode { get; }

    /// <summary>The folder it was loaded from.</summary>
    public string Folder => _copy?.Folder ?? AppContext.BaseDirectory;

    /// <summary>Hash of its content, or null for code that is part of the host.</summary>
    public string? ContentHash => _copy?.ContentHash;

    /// <summary>What did not go as usual, or null.</summary>
    public string? Notice => _copy?.Notice;

    /// <summary>A plugin that is part of the host's own code.</summary>
    public static PluginContext Static(string id, Func<IBackendPlugin> create) => new(id, PluginLoadMode.Pinned, null, create, null);

    /// <summary>Loads a plugin that was inspected, from a copy of its folder. Runs its module initialiser at the earliest when an instance is made.</summary>
    /// <exception cref="PluginRejectedException">It cannot be loaded, or its types are not the host's. Nothing is held.</exception>
    public static PluginContext Load(PluginInspection plugin, ShadowCopyCache copies)
    {
        var manifest = plugin.Manifest!;
        var copy = copies.Take(plugin);
        if (manifest.LoadMode == PluginLoadMode.Pinned && Pinned.TryGetValue((manifest.Id, copy.ContentHash), out var resident))
        {
            copy.Dispose();
            return resident;
        }
        try
        {
            var context = Open(plugin, copy);
            if (manifest.LoadMode != PluginLoadMode.Pinned) return context;
            var kept = Pinned.GetOrAdd((manifest.Id, copy.ContentHash), context);
            if (kept != context) copy.Dispose();
            return kept;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Makes an instance of the plugin's entry.</summary>
    /// <exception cref="BackendFaultException">Its constructor, or an initialiser, threw.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public IBackendPlugin CreateInstance()
    {
        var create = _create ?? throw new ObjectDisposedException($"plugin '{Id}'");
        return BackendCall.Invoke($"Plugin '{Id}'", "its constructor", create, static make => make());
    }

    /// <summary>
    /// Asks the runtime to unload and forgets everything. What is returned dies when nothing of the plugin is in use any more; null for a pinned context, which stays.
    /// Call it from a stack without plugin frames.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public WeakReference? Release()
    {
        if (Mode == PluginLoadMode.Pinned || _context is null) return null;
        var weak = new WeakReference(_context, trackResurrection: true);
        _context.Unload();
        (_context, _create) = (null, null);
        return weak;
    }

    /// <summary>Lets the copy go once the context is dead.</summary>
    /// <param name="delete">Whether to delete it if no other holds it; otherwise it stays for the next load.</param>
    public void ReleaseCopy(bool delete = false) => Interlocked.Exchange(ref _copy, null)?.Release(delete);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PluginContext Open(PluginInspection plugin, ShadowCopy copy)
    {
        var manifest = plugin.Manifest!;
        AssemblyLoadContext? context = null;
        PluginRejection rejection;
        try
        {
            var path = PluginPaths.Combine(copy.Folder, manifest.Assembly);
            // The builder and not PluginLoader, which would also read runtimeconfig.json for folders to search: a plugin is what lies in its folder. No shared types beyond
            // Abstractions, no lazy sharing, no loading from memory, no hot reload: each of them makes identity or unloading a matter of luck.
            var builder = new AssemblyLoadContextBuilder()
                .SetMainAssemblyPath(path)
                .SetDefaultContext(AssemblyLoadContext.GetLoadContext(typeof(PluginContext).Assembly) ?? AssemblyLoadContext.Default)
                .PreferDefaultLoadContextAssembly(typeof(IBackendPlugin).Assembly.GetName());
            if (manifest.LoadMode == PluginLoadMode.Unloadable) builder.EnableUnloading();
            context = builder.Build();
            var assembly = context.LoadFromAssemblyPath(path);
            var entry = assembly.GetType(plugin.Metadata!.EntryType, throwOnError: true)!;
            // A pinned context may outlive its folder: what it will ask for later is loaded now.
            if (manifest.LoadMode == PluginLoadMode.Pinned) LoadReferences(context, assembly, copy.Folder, []);
            if (IdentityFault(entry) is not { } fault) return new(manifest.Id, manifest.LoadMode, context, Maker(entry), copy);
            rejection = Reject(fault.Code, fault.Reason, fault.Cure);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var text = BackendCall.Translate($"Plugin '{manifest.Id}'", "loading", failure);
            rejection = Reject(PluginRejectionCode.LoadFailed, $"the runtime cannot load it: {text.Reason}.", "Copy the whole folder of the plugin again, or build it against this host's .NET and Hotplug.Abstractions.");
        }
        if (context is { IsCollectible: true }) context.Unload();
        throw new PluginRejectedException(rejection);

        PluginRejection Reject(PluginRejectionCode code, string reason, string cure) => new()
        {
            Code = code, Path = PluginPaths.Combine(plugin.Folder, manifest.Assembly), Id = manifest.Id, Reason = reason, Cure = cure,
            PluginContract = manifest.Contract, AbstractionsVersion = plugin.Metadata!.AbstractionsVersion,
        };
    }

    private static void LoadReferences(AssemblyLoadContext context, Assembly assembly, string folder, HashSet<string> seen)
    {
        foreach (var reference in assembly.GetReferencedAssemblies())
            if (reference.Name is { } name && seen.Add(name) && File.Exists(PluginPaths.Combine(folder, name + ".dll")))
                LoadReferences(context, context.LoadFromAssemblyName(reference), folder, seen);
    }

    // Apart, so that the closure holds the type and nothing else.
    private static Func<IBackendPlugin> Maker(Type entry) => () => (IBackendPlugin)Activator.CreateInstance(entry)!;

    /// <summary>Says why a type is not an entry in the host's eyes, or null.</summary>
    private static (PluginRejectionCode Code, string Reason, string Cure)? IdentityFault(Type entry)
    {
        var contract = typeof(IBackendPlugin);
        if (contract.IsAssignableFrom(entry)) return null;
        var stranger = entry.GetInterfaces().FirstOrDefault(i => i.FullName == contract.FullName);
        return stranger is null
            ? (PluginRejectionCode.BadEntryType, $"the type {entry.FullName} does not implement {contract.FullName}.", "Implement it, or name the type that does in the BackendPlugin attribute.")
            : (PluginRejectionCode.PrivateContract, $"the type {entry.FullName} implements {contract.FullName} of its own copy of {Describe(stranger.Assembly)}; the host's is {Describe(contract.Assembly)}.",
                "Remove Hotplug.Abstractions.dll from the plugin, and reference it with Private=\"false\" ExcludeAssets=\"runtime\".");
    }

    private static string Describe(Assembly assembly)
        => $"{assembly.GetName().Name} {assembly.GetName().Version} at {(assembly.Location.Length == 0 ? "(memory)" : assembly.Location)}";
}
