namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>What a plugin is installed from. Its names were checked when it was opened; nothing of it is trusted otherwise.</summary>
internal interface IPluginPackage : IDisposable
{
    /// <summary>The files, relative to the plugin's folder, with forward slashes.</summary>
    IReadOnlyCollection<string> Files { get; }

    /// <summary>Opens a file to read it once from start to end.</summary>
    /// <exception cref="PluginInstallException">It is no plain file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    Stream Open(string file);
}
