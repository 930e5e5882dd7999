using Hotplug.Extensions.AI.Health;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Plugins.Catalog;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what clients and servers over models share.</summary>
public static class HotplugModelsExtensions
{
    /// <summary>
    /// Adds <see cref="ServedModels"/> over the container's <see cref="IModelHost"/>, the service that loads, warms and drains them with the program's host, and their health. Clients and servers
    /// call it; called again it changes nothing.
    /// </summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddHotplugModels(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(s => s.ServiceType == typeof(ServedModels))) return services;
        services.AddOptions();
        services.AddSingleton(static provider =>
        {
            var options = provider.GetService<GenerationSchedulerOptions>() ?? new();
            return new ServedModels(provider.GetRequiredService<IModelHost>(), options with { Loggers = options.Loggers ?? provider.GetService<ILoggerFactory>() });
        });
        services.TryAddSingleton(static provider => new ModelsLifetime(provider.GetRequiredService<IModelHost>(), provider.GetRequiredService<ServedModels>(),
            provider.GetRequiredService<IOptions<ModelsLifetimeOptions>>(), provider.GetService<ILoggerFactory>()));
        services.TryAddSingleton(static provider => new ModelsHealth(provider.GetRequiredService<IModelHost>(), provider.GetRequiredService<ModelsLifetime>(), provider.GetService<IBackendCatalog>()));
        services.AddHostedService(static provider =>
        {
            // What happens to backends is seen from the start on, not from the first question.
            provider.GetRequiredService<ModelsHealth>();
            return provider.GetRequiredService<ModelsLifetime>();
        });
        return services;
    }
}
