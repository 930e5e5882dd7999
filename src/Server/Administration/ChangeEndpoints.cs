using Hotplug.Inference.Models;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Administration;

/// <summary>
/// <c>POST /admin/swap</c> and <c>/admin/place</c>: what <c>hotplug swap</c> and <c>hotplug place</c> do, while texts are written. A plugin is loaded from the folder in which it was found and from no
/// other: whoever may ask this server must not have it run code of his own.
/// </summary>
internal sealed class ChangeEndpoints(IModelHost host, AdminModels models, AdminEvents events)
{
    public async Task SwapAsync(HttpContext context)
    {
        var swap = (await RequestBody.ReadAsync(context, AdminJson.Default.SwapRequest).ConfigureAwait(false)).ToSwap();
        var result = await host.SwapAsync(swap with { Options = swap.Options with { Progress = events.Progress() } }, context.RequestAborted).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(SwapDocument.Of(result), AdminJson.Default.SwapDocument, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>All models that are loaded, or the one of <c>?model=</c>.</summary>
    public async Task PlaceAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, AdminJson.Default.PlaceRequest).ConfigureAwait(false);
        var options = request.ToOptions() with { Progress = events.Progress() };
        var placed = AdminModels.IsNamed(context) ? [await models.FindAsync(context).ConfigureAwait(false)] : models.Loaded;
        if (placed.Count == 0) throw new ApiException(409, "No model is loaded yet.");
        var moves = new List<MoveItem>();
        foreach (var model in placed) moves.Add(MoveItem.Of(await model.PlaceAsync(request.ToPlacement(model), options, context.RequestAborted).ConfigureAwait(false)));
        await context.Response.WriteAsJsonAsync(new PlaceDocument(moves), AdminJson.Default.PlaceDocument, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }
}
