using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>What was searched, found, loaded and rejected, and why.</summary>
public sealed record PluginReport
{
    /// <summary>Version of the JSON form; grows when its meaning changes.</summary>
    public int SchemaVersion => 1;

    /// <summary>Contract version of the host.</summary>
    public string HostContract => ContractVersion.Current.ToString();

    /// <summary>The folders that were searched, in order.</summary>
    public required IReadOnlyList<PluginRoot> Roots { get; init; }

    /// <summary>The backends that can be asked for.</summary>
    public required IReadOnlyList<BackendDescription> Backends { get; init; }

    /// <summary>The folders that cannot be used.</summary>
    public required IReadOnlyList<RejectedPlugin> Rejected { get; init; }

    /// <summary>Things worth knowing.</summary>
    public required IReadOnlyList<PluginNotice> Notices { get; init; }

    /// <summary>The report as one JSON document.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PluginReportJson.Default.PluginReport);

    /// <summary>The report for people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var root in Roots) text.AppendLine($"searched {root.Path} ({root.Origin})");
        foreach (var backend in Backends)
        {
            text.AppendLine($"{backend.Id} {backend.Version}: {backend.State}, {(backend.LoadReason is { } why ? $"loaded because {why}" : "not loaded: nothing asked for it")}"
                + (backend.Kind == PluginKind.Test ? ", test equipment" : "") + (backend.IsPinned ? ", pinned to its content" : ""));
            text.AppendLine($"  {backend.Path ?? "part of the host"}");
            if (backend.Devices.Count != 0) text.AppendLine($"  devices: {string.Join(", ", backend.Devices)}");
            if (backend.OnlyWhenNamed) text.AppendLine($"  used only when named: {string.Join("; ", backend.ProbeReasons)}");
            foreach (var refused in backend.Refused) text.AppendLine($"  refused: {refused}");
            if (backend.Problem is { } problem) text.AppendLine($"  {problem}");
        }
        foreach (var rejected in Rejected)
        {
            text.AppendLine($"{rejected.Id ?? "?"}: rejected ({rejected.Code})");
            text.AppendLine($"  {rejected.Path}");
            text.AppendLine($"  {rejected.Reason} {rejected.Cure}");
        }
        foreach (var notice in Notices) text.AppendLine($"note: {notice}");
        return text.ToString();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(PluginReport))]
internal sealed partial class PluginReportJson : JsonSerializerContext;
