using System.Globalization;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Plugins.Trust;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Hotplug.Runtime.Hosting;

/// <summary>
/// Reads the section <c>Hotplug</c> by hand rather than by the binder: a value that cannot be read, or a key that nobody knows, is reported with all
/// other errors instead of ending the reading, and nothing misspelt is ignored.
/// </summary>
internal sealed class HotplugConfiguration(IConfiguration? configuration, IEnumerable<HotplugSection> sections) : IConfigureOptions<HotplugOptions>
{
    private const string Plugins = "Plugins";

    public void Configure(HotplugOptions options)
    {
        if (configuration is not null) Apply(configuration.GetSection(HotplugOptions.SectionName), options, [.. sections.Select(s => s.Name)]);
    }

    /// <summary>Reads a section into options.</summary>
    public static void Apply(IConfiguration section, HotplugOptions options, IReadOnlyCollection<string> others)
    {
        string[] known = [nameof(options.PluginDirectories), nameof(options.Backend), nameof(options.Backends), nameof(options.Threads), nameof(options.ShadowCopyDirectory), Plugins, nameof(options.Memory)];
        foreach (var item in section.GetChildren())
        {
            switch (Known(item.Key, known))
            {
                case nameof(options.PluginDirectories):
                    foreach (var path in List(item)) options.PluginDirectories.Add(path);
                    break;
                case nameof(options.Backend):
                    if (Text(item, options) is { } backend) options.Backend = backend;
                    break;
                case nameof(options.Backends):
                    foreach (var named in item.GetChildren())
                    {
                        if (!options.Backends.TryGetValue(named.Key, out var settings))
                            options.Backends[named.Key] = settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                        if (named.Value is { Length: > 0 } value)
                            Wrong(options, named, $"'{value}' is a value, and settings are expected", $"Write {Path(named)}:<setting>");
                        foreach (var setting in named.GetChildren()) settings[setting.Key] = Text(setting, options) ?? "";
                    }
                    break;
                case nameof(options.Threads):
                    if (Text(item, options) is not { Length: > 0 } threads) break;
                    if (int.TryParse(threads, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) options.Threads = count;
                    else Wrong(options, item, $"'{threads}' is not a whole number", "Write a number of at least 1, or leave it out for all processors");
                    break;
                case nameof(options.ShadowCopyDirectory):
                    if (Text(item, options) is { Length: > 0 } folder) options.ShadowCopyDirectory = folder;
                    break;
                case Plugins:
                    Pinning(item, options);
                    break;
                case nameof(options.Memory):
                    Memory(item, options);
                    break;
                default:
                    if (!others.Contains(item.Key, StringComparer.OrdinalIgnoreCase)) Unknown(options, item, [.. known, .. others]);
                    break;
            }
        }
    }

    private static void Pinning(IConfigurationSection section, HotplugOptions options)
    {
        foreach (var item in section.GetChildren())
        {
            if (Known(item.Key, ["Pinning"]) is null) Unknown(options, item, ["Pinning"]);
            else if (Text(item, options) is { Length: > 0 } value && Word<PluginPinning>(options, item, value) is { } pinning) options.PluginPinning = pinning;
        }
    }

    private static void Memory(IConfigurationSection section, HotplugOptions options)
    {
        var memory = options.Memory;
        string[] known = [nameof(memory.Map), nameof(memory.Lock), nameof(memory.LockScope), nameof(memory.LargestAllocation)];
        foreach (var item in section.GetChildren())
        {
            var value = Known(item.Key, known) is null ? null : Text(item, options);
            switch (Known(item.Key, known))
            {
                case null:
                    Unknown(options, item, known);
                    break;
                case nameof(memory.Map):
                    if (value is { Length: > 0 } && Word<MapPolicy>(options, item, value) is { } map) memory.Map = map;
                    break;
                case nameof(memory.Lock):
                    if (value is { Length: > 0 } && Word<LockPolicy>(options, item, value) is { } policy) memory.Lock = policy;
                    break;
                case nameof(memory.LockScope):
                    if (value is not { Length: > 0 }) break;
                    var scope = LockScope.None;
                    foreach (var part in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) scope |= Word<LockScope>(options, item, part) ?? 0;
                    memory.LockScope = scope;
                    break;
                case nameof(memory.LargestAllocation):
                    if (value is not { Length: > 0 }) break;
                    if (ByteSize.TryParse(value, out var bytes)) memory.LargestAllocation = bytes;
                    else Wrong(options, item, $"'{value}' is not a size", "Write bytes, or a number with a unit such as 1.25MiB, or leave it out");
                    break;
            }
        }
    }

    private static T? Word<T>(HotplugOptions options, IConfigurationSection item, string value) where T : struct, Enum
    {
        foreach (var word in Enum.GetNames<T>())
            if (word.Equals(value, StringComparison.OrdinalIgnoreCase)) return Enum.Parse<T>(word);
        Wrong(options, item, $"'{value}' is not known", $"Write {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}");
        return null;
    }

    /// <summary>A list: numbered children, or one value separated as in PATH, as an environment variable has it.</summary>
    private static IEnumerable<string> List(IConfigurationSection item)
        => item.Value is { } value ? value.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : item.GetChildren().Select(c => c.Value ?? "");

    private static string? Text(IConfigurationSection item, HotplugOptions options)
    {
        if (item.GetChildren().Any()) Wrong(options, item, "it has sub-keys, and one value is expected", "Write a single value");
        return item.Value?.Trim();
    }

    private static string? Known(string key, string[] known) => Array.Find(known, k => k.Equals(key, StringComparison.OrdinalIgnoreCase));

    private static void Unknown(HotplugOptions options, IConfigurationSection item, string[] known)
        => Wrong(options, item, item.Value is { } value ? $"the key is not known (its value is '{value}')" : "the key is not known", $"Known are {string.Join(", ", known)}");

    private static void Wrong(HotplugOptions options, IConfigurationSection item, string why, string cure) => options.Unreadable.Add($"{Path(item)}: {why}. {cure}.");

    // Read apart from its root, a section's path lacks the root's name.
    private static string Path(IConfigurationSection item)
        => item.Path.StartsWith(HotplugOptions.SectionName + ":", StringComparison.OrdinalIgnoreCase) ? item.Path : $"{HotplugOptions.SectionName}:{item.Path}";
}
