using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Hotplug.Server.Administration;

/// <summary>Composes the administration.</summary>
internal static class AdminEndpoints
{
    /// <summary>Adds what it needs.</summary>
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<AdminGuard>();
        services.TryAddSingleton(static provider => new AdminModels(provider.GetRequiredService<IModelHost>()));
        services.TryAddSingleton(static provider => new TokenRates(provider.GetRequiredService<IModelHost>(), Time(provider)));
        services.TryAddSingleton(static provider => new AdminEvents(provider.GetRequiredService<IModelHost>(), provider.GetService<IBackendCatalog>(), provider.GetRequiredService<IHostApplicationLifetime>(), Time(provider)));
        services.TryAddSingleton(static provider => new StateReport(provider.GetRequiredService<ModelDirectory>(), provider.GetRequiredService<ServedModels>(), provider.GetService<IBackendCatalog>(),
            provider.GetRequiredService<TokenRates>(), Time(provider)));
    }

    /// <summary>Maps it under <c>/admin</c>.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, IServiceProvider services)
    {
        var (guard, models, state, events) = (services.GetRequiredService<AdminGuard>(), services.GetRequiredService<AdminModels>(), services.GetRequiredService<StateReport>(), services.GetRequiredService<AdminEvents>());
        var reports = new ReportEndpoints(models, state);
        endpoints.MapGet("/admin/plan", guard.Before(reports.PlanAsync));
        endpoints.MapGet("/admin/picture", guard.Before(reports.PictureAsync));
        endpoints.MapGet("/admin/receipt", guard.Before(reports.ReceiptAsync));
        endpoints.MapGet("/admin/state", guard.Before(reports.StateAsync));
        endpoints.MapGet("/admin/events", guard.Before(new EventsEndpoint(events, state, Time(services)).HandleAsync));

        var devices = new DevicesEndpoints(services.GetService<IBackendCatalog>());
        endpoints.MapGet("/admin/devices", guard.Before(devices.ListAsync));
        endpoints.MapPost("/admin/devices", guard.Before(devices.OpenAsync));

        var changes = new ChangeEndpoints(services.GetRequiredService<IModelHost>(), models, events);
        endpoints.MapPost("/admin/swap", guard.Before(changes.SwapAsync));
        endpoints.MapPost("/admin/place", guard.Before(changes.PlaceAsync));
    }

    private static TimeProvider Time(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;
}
