using System.Globalization;
using System.Text;
using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Reports.Pictures;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Administration;

/// <summary>
/// <c>GET /admin/plan</c>, <c>/admin/picture</c>, <c>/admin/receipt</c> and <c>/admin/state</c>: where a model lies, as a document and as a picture, what its load did to memory, and how the server stands.
/// </summary>
internal sealed class ReportEndpoints(AdminModels models, StateReport state)
{
    public async Task PlanAsync(HttpContext context)
        => await context.Response.WriteAsJsonAsync((await ReportAsync(context).ConfigureAwait(false)).Plan, AdminJson.Default.PlanDocument, cancellationToken: context.RequestAborted).ConfigureAwait(false);

    public async Task ReceiptAsync(HttpContext context)
        => await context.Response.WriteAsJsonAsync((await ReportAsync(context).ConfigureAwait(false)).Receipt, AdminJson.Default.LoadReceipt, cancellationToken: context.RequestAborted).ConfigureAwait(false);

    public Task StateAsync(HttpContext context) => context.Response.WriteAsJsonAsync(state.Write(), AdminJson.Default.StateDocument, cancellationToken: context.RequestAborted);

    /// <summary><c>?width=</c> in pixels; <c>?part=true</c> for a picture that stands in a page.</summary>
    public async Task PictureAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var options = new PictureOptions();
        if (query["width"].ToString() is { Length: > 0 } text)
            options = options with { Width = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var width) ? width : throw ApiException.Invalid($"'{text}' is no width in pixels.", "width") };
        var report = await ReportAsync(context).ConfigureAwait(false);
        options = options with { IsStandalone = query["part"].ToString() != "true", Receipt = report.Receipt };
        var response = context.Response;
        response.ContentType = "image/svg+xml; charset=utf-8";
        // A file of a model names its tensors, and the picture repeats them.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync(AddressSpacePicture.Draw(report.Plan, options), Encoding.UTF8, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>On a thread of the pool: it may wait for a step to end.</summary>
    private async Task<DeploymentReport> ReportAsync(HttpContext context)
    {
        var model = await models.FindAsync(context).ConfigureAwait(false);
        return await Task.Run(model.Describe, context.RequestAborted).ConfigureAwait(false);
    }
}
