using System.Runtime.InteropServices;

namespace Hotplug.Metal.Interop.Loading;

/// <summary>The dynamic loader of the system.</summary>
internal sealed class SystemLoader : ILibraryLoader
{
    public bool IsMac => OperatingSystem.IsMacOS() && nint.Size == 8;
    public string SystemName => $"{RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})";
    public int PageSize => Environment.SystemPageSize;

    public bool TryLoad(string path, out nint library) => NativeLibrary.TryLoad(path, out library);

    public bool TryGetExport(nint library, string symbol, out nint address) => NativeLibrary.TryGetExport(library, symbol, out address);

    public void Free(nint library) => NativeLibrary.Free(library);
}
