using System.Text.Json.Serialization.Metadata;
using Hotplug.Abstractions.Devices;
using Hotplug.Inference.Models;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Ollama;

/// <summary><c>/api/tags</c>, <c>/api/ps</c>, <c>/api/show</c> and <c>/api/version</c>: what there is.</summary>
internal sealed class OllamaModelsEndpoint(ModelDirectory directory)
{
    /// <summary>The version of the description that these endpoints follow; clients ask by it what they may send.</summary>
    private const string ApiVersion = "0.12.6";

    /// <summary>Models stay.</summary>
    private static readonly DateTimeOffset Never = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    public Task ListAsync(HttpContext context) => WriteAsync(context, new OllamaModelList([.. directory.Names.Select(name => Item(name, directory.Loaded(name)))]), OllamaJson.Default.OllamaModelList);

    public Task RunningAsync(HttpContext context)
        => WriteAsync(context, new OllamaModelList([.. directory.Names.Select(name => (Name: name, Model: directory.Loaded(name))).Where(m => m.Model is not null).Select(m => Running(m.Name, m.Model!))]), OllamaJson.Default.OllamaModelList);

    public async Task ShowAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, OllamaJson.Default.OllamaShowRequest).ConfigureAwait(false);
        var (_, model) = await directory.AnyAsync(OllamaName.Plain(request.Model ?? request.Name), context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, OllamaModelDescription.Of(model), OllamaJson.Default.OllamaModelDescription).ConfigureAwait(false);
    }

    public Task VersionAsync(HttpContext context)
        => WriteAsync(context, new OllamaVersion(ApiVersion, $"Hotplug {typeof(OllamaModelsEndpoint).Assembly.GetName().Version!.ToString(3)}"), OllamaJson.Default.OllamaVersion);

    private static OllamaModel Item(string name, LanguageModel? model) => new(OllamaName.Tagged(name), OllamaName.Tagged(name), model is null ? null : File.GetLastWriteTimeUtc(model.Source.File.Paths[0]),
        model?.Source.File.FileLengths.Sum() ?? 0, model?.Identity ?? "", OllamaModelDetails.Of(model));

    private static OllamaModel Running(string name, LanguageModel model)
    {
        var plan = model.Executor.Plan;
        var totals = plan.Devices.Select(device => (device.Device.Info.Kind, Bytes: plan.TotalsOf(device).TotalBytes)).ToList();
        return Item(name, model) with
        {
            Size = totals.Sum(t => t.Bytes),
            SizeVram = totals.Where(t => t.Kind != DeviceKind.Cpu).Sum(t => t.Bytes),
            ExpiresAt = Never,
            ContextLength = model.Context,
        };
    }

    private static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) => context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
}
