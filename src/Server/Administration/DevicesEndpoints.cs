using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Reports;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Administration;

/// <summary><c>GET /admin/devices</c>: the devices of open backends. <c>POST</c> opens the others first, which runs their code and takes what they need of memory.</summary>
internal sealed class DevicesEndpoints(IBackendCatalog? catalog)
{
    private IBackendCatalog Catalog => catalog ?? throw new ApiException(501, "This program has no catalogue of backends. Register its IBackendCatalog as a service.");

    public async Task ListAsync(HttpContext context) => await WriteAsync(context, await DevicesDocument.OfOpenAsync(Catalog, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);

    public async Task OpenAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, AdminJson.Default.DevicesRequest).ConfigureAwait(false);
        await WriteAsync(context, await DevicesDocument.OpenAsync(Catalog, request.All, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static Task WriteAsync(HttpContext context, DevicesDocument document) => context.Response.WriteAsJsonAsync(document, AdminJson.Default.DevicesDocument, cancellationToken: context.RequestAborted);
}
