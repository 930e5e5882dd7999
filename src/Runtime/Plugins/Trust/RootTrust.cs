using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Runtime.Plugins.Trust;

/// <summary>What a folder of plugins is worth: who else may write to it, and which content of which plugin its lock file lets run. Asked before anything of a plugin is loaded.</summary>
internal sealed class RootTrust
{
    private readonly string _root;
    private readonly PluginLock? _lock;
    private readonly bool _pinned;
    private readonly (PluginRejectionCode Code, string Path, string Reason, string Cure)? _fault;

    private RootTrust(string root, PluginLock? locked, bool pinned, (PluginRejectionCode, string, string, string)? fault)
        => (_root, _lock, _pinned, _fault) = (root, locked, pinned, fault);

    /// <summary>The folder.</summary>
    public string Root => _root;

    /// <summary>Things worth knowing of the folder.</summary>
    public PluginNotice? Notice { get; private init; }

    /// <summary>Looks at a folder that is there.</summary>
    public static RootTrust Of(string root, PluginPinning pinning)
    {
        if (FolderRights.OfChain(root) is { } rights) return new(root, null, true, (PluginRejectionCode.WritableByOthers, rights.Path, rights.Reason, rights.Cure));
        var path = Path.Combine(root, PluginLock.FileName);
        if (pinning != PluginPinning.Off && File.Exists(path) && FolderRights.OfFile(path) is { } open) return new(root, null, true, (PluginRejectionCode.WritableByOthers, open.Path, open.Reason, open.Cure));
        var locked = PluginLock.Read(root, out var fault);
        if (pinning == PluginPinning.Off)
            return new(root, null, false, null) { Notice = locked is null && fault is null ? null : new(path, "passed over: pinning is off.") };
        if (fault is not null) return new(root, null, true, (PluginRejectionCode.NotPinned, path, $"the lock file cannot be read: {fault}.", "Put the right one back, or pin what you trust with `hotplug plugins pin` after removing it."));
        return new(root, locked, locked is not null || pinning == PluginPinning.Require, null);
    }

    /// <summary>The pin that the plugin is held to, or null if none is asked for.</summary>
    public PluginPin? PinOf(PluginInspection plugin) => _pinned ? _lock?.Find(plugin.Manifest!.Id) : null;

    /// <summary>Why a usable plugin of the folder must not run, or null.</summary>
    public PluginRejection? Judge(PluginInspection plugin)
    {
        var manifest = plugin.Manifest!;
        if (_fault is { } fault) return Reject(fault.Code, fault.Path, fault.Reason, fault.Cure);
        try
        {
            if (FolderRights.OfTree(plugin.Folder) is { } rights) return Reject(PluginRejectionCode.WritableByOthers, rights.Path, rights.Reason, rights.Cure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Reject(PluginRejectionCode.Unreadable, plugin.Folder, $"its rights cannot be read: {failure.Message}", "Copy the whole folder of the plugin again.");
        }
        if (!_pinned) return null;
        var path = Path.Combine(_root, PluginLock.FileName);
        if (_lock is null) return Reject(PluginRejectionCode.NotPinned, path, "pinning is required, and the folder has no lock file.", Pin(manifest.Id));
        if (_lock.Find(manifest.Id) is not { } pin) return Reject(PluginRejectionCode.NotPinned, path, $"it is not pinned in {PluginLock.FileName}.", Pin(manifest.Id));
        if (pin.ManifestSha256 != manifest.Sha256)
            return Reject(PluginRejectionCode.PinMismatch, Path.Combine(plugin.Folder, PluginManifest.FileName),
                $"its plugin.json (version {manifest.Version}) has the SHA-256 {manifest.Sha256}, and version {pin.Version} with {pin.ManifestSha256} is pinned.",
                $"Put the pinned version back, or, if you trust this one, {Lower(Pin(manifest.Id))}");
        return WhyUnpinnable(manifest) is { } reason ? Reject(PluginRejectionCode.NotPinned, plugin.Folder, reason, "Build the plugin again: the build lists every file with its hash.") : null;

        PluginRejection Reject(PluginRejectionCode code, string at, string why, string cure) => new() { Code = code, Path = at, Id = manifest.Id, Reason = why, Cure = cure };
    }

    /// <summary>Why the hash of a manifest says nothing of the plugin's files, or null if it covers all of them.</summary>
    public static string? WhyUnpinnable(PluginManifest manifest)
        => manifest.Files.Count == 0 ? "its plugin.json lists no files, so that a pin would not cover them."
            : manifest.Files.FirstOrDefault(f => f.Sha256 is null && f.Path != PluginManifest.FileName) is { } file ? $"its plugin.json lists {file.Path} without a hash, so that a pin would not cover it."
            : null;

    private string Pin(string id) => $"Pin it: hotplug plugins pin {id} --in {_root}";

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
