namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>Why a folder is not used as a plugin.</summary>
public enum PluginRejectionCode
{
    /// <summary>There is no <c>plugin.json</c>, or the assembly has no <see cref="Abstractions.Plugins.BackendPluginAttribute"/>.</summary>
    NotAPlugin,
    /// <summary><c>plugin.json</c> cannot be read, or a field of it is missing or wrong.</summary>
    BadManifest,
    /// <summary>The folder is not named as the plugin's id.</summary>
    WrongFolder,
    /// <summary>The assembly is not there.</summary>
    MissingAssembly,
    /// <summary>A native library the manifest lists is not there.</summary>
    MissingNativeLibrary,
    /// <summary>The folder was copied in part: a file is missing, cut short, or not of the listed size.</summary>
    Incomplete,
    /// <summary>A file is not the one the manifest lists.</summary>
    BadHash,
    /// <summary>The assembly cannot be read as one.</summary>
    BadAssembly,
    /// <summary>The folder has a Hotplug.Abstractions.dll of its own.</summary>
    PrivateContract,
    /// <summary>It was made for a contract version that this host does not run.</summary>
    ContractMismatch,
    /// <summary><c>plugin.json</c> and the attribute of the assembly say different things.</summary>
    ManifestDisagrees,
    /// <summary>The type that the attribute names is not there or cannot be an entry.</summary>
    BadEntryType,
    /// <summary>Another plugin with this id was found before.</summary>
    DuplicateId,
    /// <summary>The runtime refused to load it.</summary>
    LoadFailed,
    /// <summary>Its files cannot be read.</summary>
    Unreadable,
    /// <summary>Somebody who is not trusted may write to it, or to a folder it lies in.</summary>
    WritableByOthers,
    /// <summary>Pinning is on, and it has no pin, or none that could cover its files.</summary>
    NotPinned,
    /// <summary>Pinning is on, and another content of it is pinned.</summary>
    PinMismatch,
}
