using System.Text;
using Hotplug.Runtime.Reports.Pictures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hotplug.Server.Page;

/// <summary>
/// <c>GET /</c>: a page to chat with the models and to see where they lie. Its files are parts of this assembly. It has no secrets, and so no guard; what it asks for is guarded. Nothing in it is loaded
/// from elsewhere, and no script or style runs that is not one of its files.
/// </summary>
internal static class PageEndpoints
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private const string Prefix = "Hotplug.Server.Page.Assets.";

    /// <summary>Maps it. A program that has a page of its own at the root keeps it.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var assets = Load();
        endpoints.MapGet("/", context => WriteAsync(context, assets["index.html"])).WithOrder(1);
        endpoints.MapGet("/page/{file}", context => context.Request.RouteValues["file"] is string file && assets.TryGetValue(file, out var asset) ? WriteAsync(context, asset) : NotFound(context));
    }

    private static Dictionary<string, PageAsset> Load()
    {
        var assembly = typeof(PageEndpoints).Assembly;
        var assets = new Dictionary<string, PageAsset> { ["picture.css"] = new(TypeOf("picture.css"), Encoding.UTF8.GetBytes(PictureStyle.Css)) };
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            assets[name[Prefix.Length..]] = new(TypeOf(name), content);
        }
        return assets;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml; charset=utf-8",
    };

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static async Task WriteAsync(HttpContext context, PageAsset asset)
    {
        var (request, response) = (context.Request, context.Response);
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Asked for anew each time, and sent again only when it is another.
        headers.CacheControl = "no-cache";
        headers.ETag = asset.Tag;
        if (request.Headers.IfNoneMatch.ToString() == asset.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = asset.ContentType;
        response.ContentLength = asset.Content.Length;
        await response.Body.WriteAsync(asset.Content, context.RequestAborted).ConfigureAwait(false);
    }
}
