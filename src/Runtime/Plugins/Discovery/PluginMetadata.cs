namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>What the metadata of a plugin's assembly says, read without loading it.</summary>
/// <param name="Id">Id of the <see cref="Abstractions.Plugins.BackendPluginAttribute"/>.</param>
/// <param name="EntryType">Full name of the entry type, in this assembly.</param>
/// <param name="Contract">Contract of the attribute, as written.</param>
/// <param name="AbstractionsVersion">Version of the Hotplug.Abstractions it references.</param>
/// <param name="AssemblyVersion">Version of the assembly.</param>
public sealed record PluginMetadata(string Id, string EntryType, string Contract, Version AbstractionsVersion, Version AssemblyVersion);
