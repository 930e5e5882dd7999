using Hotplug.Inference.Models;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Administration;

/// <summary>Finds the models that requests name by <c>?model=</c>.</summary>
internal sealed class AdminModels(IModelHost host)
{
    /// <summary>The models that are loaded.</summary>
    public IReadOnlyList<LanguageModel> Loaded => host.Models;

    /// <summary>Whether a request names one.</summary>
    public static bool IsNamed(HttpContext context) => context.Request.Query["model"].ToString().Length > 0;

    /// <summary>The model that is named, or the only one.</summary>
    /// <exception cref="ApiException">There is none of this name, or none is named and there are several.</exception>
    public async Task<LanguageModel> FindAsync(HttpContext context)
    {
        var asked = context.Request.Query["model"].ToString();
        var names = host.Names;
        var name = asked.Length > 0 ? names.FirstOrDefault(n => n.Equals(asked, StringComparison.OrdinalIgnoreCase)) ?? throw new ApiException(404, $"The model '{asked}' does not exist. There are: {string.Join(", ", names)}.", "model")
            : names.Count == 1 ? names.First() : throw new ApiException(400, $"Say which model with ?model=: {string.Join(", ", names)}.", "model");
        return await host.GetAsync(name, context.RequestAborted).ConfigureAwait(false);
    }
}
