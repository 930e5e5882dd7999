using System.Text.Json.Serialization.Metadata;
using Hotplug.Inference.Architectures;
using Hotplug.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Hotplug.Server.KoboldAI;

/// <summary>What clients ask for before they write: names, versions, lengths.</summary>
internal sealed class SettingsEndpoint(ModelDirectory directory, KoboldStatistics statistics, IOptions<HotplugServerOptions> options)
{
    /// <summary>The versions of the descriptions that these endpoints follow; clients ask by them what they may send.</summary>
    private const string KoboldAIVersion = "1.2.5", KoboldCppVersion = "1.98";

    public async Task ModelAsync(HttpContext context)
        => await WriteAsync(context, new TextResult($"hotplug/{(await directory.TextAsync(null, context.RequestAborted).ConfigureAwait(false)).Name}"), KoboldJson.Default.TextResult).ConfigureAwait(false);

    public Task VersionAsync(HttpContext context) => WriteAsync(context, new TextResult(KoboldAIVersion), KoboldJson.Default.TextResult);

    public Task MaxLengthAsync(HttpContext context) => WriteAsync(context, new NumberValue(GenerateOptions.DefaultLength), KoboldJson.Default.NumberValue);

    public async Task ContextAsync(HttpContext context)
        => await WriteAsync(context, new NumberValue((await directory.TextAsync(null, context.RequestAborted).ConfigureAwait(false)).Model.Context), KoboldJson.Default.NumberValue).ConfigureAwait(false);

    public Task SoftPromptAsync(HttpContext context) => WriteAsync(context, new TextValue(""), KoboldJson.Default.TextValue);

    public Task SoftPromptsAsync(HttpContext context) => WriteAsync(context, new TextValues([]), KoboldJson.Default.TextValues);

    public Task ExtraVersionAsync(HttpContext context)
    {
        var embeds = directory.Names.Any(name => directory.Loaded(name)?.Source.Description.Purpose == ModelPurpose.Embedding);
        var server = $"Hotplug {typeof(SettingsEndpoint).Assembly.GetName().Version!.ToString(3)}";
        return WriteAsync(context, new VersionInfo("KoboldCpp", KoboldCppVersion, server, options.Value.ApiKeys.Count > 0, embeds), KoboldJson.Default.VersionInfo);
    }

    public Task PerformanceAsync(HttpContext context) => WriteAsync(context, statistics.Read(), KoboldJson.Default.Performance);

    private static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) => context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
}
