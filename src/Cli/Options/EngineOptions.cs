using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Cli.Options;

/// <summary>What the engine is started with.</summary>
/// <param name="Threads">Threads to compute with, or null for all cores.</param>
/// <param name="PluginDirectories">Folders to look for plugins in, besides the one next to the program.</param>
/// <param name="Settings">Settings by backend.</param>
/// <param name="Pinning">Whether plugins must be pinned.</param>
/// <param name="Verbose">Messages of plugins go to stderr.</param>
internal sealed record EngineOptions(int? Threads, IReadOnlyList<string> PluginDirectories, IReadOnlyDictionary<string, Dictionary<string, string>> Settings, PluginPinning Pinning, bool Verbose);
