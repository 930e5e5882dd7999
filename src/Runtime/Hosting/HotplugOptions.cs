using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Trust;
using Microsoft.Extensions.Configuration;

namespace Hotplug.Runtime.Hosting;

/// <summary>
/// What is configured of the runtime: section <c>Hotplug</c> of the configuration, environment variables <c>Hotplug__…</c>, or code. Checked at start; what is wrong is
/// listed all at once.
/// </summary>
public sealed class HotplugOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "Hotplug";

    /// <summary>Folders searched for plugins besides <c>plugins</c> beside the program; relative ones lie beside the program.</summary>
    public IList<string> PluginDirectories { get; } = [];

    /// <summary>Whether plugins must be pinned in a lock file: <c>auto</c>, <c>require</c>, <c>off</c>. <c>Hotplug:Plugins:Pinning</c> in the configuration.</summary>
    public PluginPinning PluginPinning { get; set; }

    /// <summary>The backend to use: an id, <c>id:device</c>, or <c>auto</c>.</summary>
    public string Backend { get; set; } = BackendCatalogOptions.Auto;

    /// <summary>Settings per backend id. Which there are is the backend's affair.</summary>
    public IDictionary<string, IDictionary<string, string>> Backends { get; } = new Dictionary<string, IDictionary<string, string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Threads that computing may use; null for the processors this process may use.</summary>
    public int? Threads { get; set; }

    /// <summary>Where private copies of plugins are kept; null for the user's cache folder.</summary>
    public string? ShadowCopyDirectory { get; set; }

    /// <summary>Memory policy of models that state none.</summary>
    public HotplugMemoryOptions Memory { get; } = new();

    /// <summary>What could not be read from the configuration; reported by the validation together with everything else.</summary>
    internal List<string> Unreadable { get; } = [];

    /// <summary>Reads options without a container.</summary>
    /// <param name="section">The section <see cref="SectionName"/> of a configuration.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Something is wrong; the message lists all of it.</exception>
    public static HotplugOptions Read(IConfiguration section)
    {
        var options = new HotplugOptions();
        HotplugConfiguration.Apply(section, options, []);
        options.Check();
        return options;
    }

    /// <summary>Reads the environment variables <c>Hotplug__…</c>, without a container.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Something is wrong; the message lists all of it.</exception>
    public static HotplugOptions FromEnvironment()
    {
        const string prefix = SectionName + "__";
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (variable.Key is string name && name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                values[name[prefix.Length..].Replace("__", ":")] = variable.Value as string;
        return values.Count == 0 ? new() : Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }

    /// <summary>Checks the options.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Something is wrong; the message lists all of it.</exception>
    public void Check()
    {
        var result = new HotplugOptionsValidator().Validate(null, this);
        if (result.Failed) throw new Microsoft.Extensions.Options.OptionsValidationException(SectionName, typeof(HotplugOptions), result.Failures);
    }

    /// <summary>The part that a catalogue needs.</summary>
    /// <param name="backends">Backends that are part of the host.</param>
    public BackendCatalogOptions ToCatalog(IEnumerable<StaticBackend>? backends = null) => new()
    {
        PluginDirectories = [.. PluginDirectories], Backend = Backend, Threads = Threads, ShadowCopyDirectory = ShadowCopyDirectory, Pinning = PluginPinning, StaticBackends = [.. backends ?? []],
        Settings = Backends.ToDictionary(b => b.Key, b => (IReadOnlyDictionary<string, string>)b.Value.AsReadOnly(), StringComparer.OrdinalIgnoreCase),
    };
}
