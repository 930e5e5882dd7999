using System.Reflection;

namespace Hotplug.Metal.Interop.Loading;

/// <summary>Loads the Objective-C runtime and Metal where the system has them, and says so where it does not.</summary>
internal static unsafe class MetalLoader
{
    private const string SendSymbol = "objc_msgSend";

    /// <summary>Loads through the loader of this system. Nothing is loaded on a system that is not macOS.</summary>
    public static LoadResult Load() => Load(new SystemLoader());

    /// <summary>Loads through a given loader. Every failure gives back what was loaded before it.</summary>
    public static LoadResult Load(ILibraryLoader loader)
    {
        if (!loader.IsMac) return new(LoadOutcome.NotThisSystem, $"Metal is a part of 64-bit macOS; this system is {loader.SystemName}.", null);

        var libraries = new LoadedLibraries(loader);
        var loaded = false;
        try
        {
            foreach (var path in (string[])[LibraryPaths.ObjectiveC, LibraryPaths.Foundation, LibraryPaths.CoreGraphics, LibraryPaths.Metal])
            {
                if (!libraries.TryAdd(path))
                    return new(LoadOutcome.LibraryMissing, $"{path} cannot be loaded on {loader.SystemName}: the system is damaged or too old for Metal.", null);
            }

            string? missing = null;
            nint Find(string library, string symbol)
            {
                if (loader.TryGetExport(libraries[library], symbol, out var address) && address != 0) return address;
                missing ??= $"{library} has no {symbol} on {loader.SystemName}: the system is too old for this plugin, or newer than it.";
                return 0;
            }
            nint Export(string field)
            {
                var export = typeof(ObjectiveCTable).GetField(field)!.GetCustomAttribute<ExportAttribute>()!;
                return Find(export.Library, export.Symbol);
            }

            var table = new ObjectiveCTable
            {
                GetClass = (delegate* unmanaged<byte*, nint>)Export(nameof(ObjectiveCTable.GetClass)),
                RegisterSelector = (delegate* unmanaged<byte*, nint>)Export(nameof(ObjectiveCTable.RegisterSelector)),
                ClassOf = (delegate* unmanaged<nint, nint>)Export(nameof(ObjectiveCTable.ClassOf)),
                InstanceMethod = (delegate* unmanaged<nint, nint, nint>)Export(nameof(ObjectiveCTable.InstanceMethod)),
                ClassMethod = (delegate* unmanaged<nint, nint, nint>)Export(nameof(ObjectiveCTable.ClassMethod)),
                MethodEncoding = (delegate* unmanaged<nint, byte*>)Export(nameof(ObjectiveCTable.MethodEncoding)),
                PushPool = (delegate* unmanaged<nint>)Export(nameof(ObjectiveCTable.PushPool)),
                PopPool = (delegate* unmanaged<nint, void>)Export(nameof(ObjectiveCTable.PopPool)),
                CopyAllDevices = (delegate* unmanaged<nint>)Export(nameof(ObjectiveCTable.CopyAllDevices)),
                CreateDefaultDevice = (delegate* unmanaged<nint>)Export(nameof(ObjectiveCTable.CreateDefaultDevice)),
                Send = SendTable.Filled(Find(LibraryPaths.ObjectiveC, SendSymbol)),
                PageSize = loader.PageSize,
            };
            if (missing is not null) return new(LoadOutcome.FunctionMissing, missing, null);

            var runtime = new ObjectiveC(table, libraries);
            loaded = true;
            return new(LoadOutcome.Loaded, "", runtime);
        }
        finally
        {
            if (!loaded) libraries.Dispose();
        }
    }
}
