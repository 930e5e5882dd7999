using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Hosting;
using Hotplug.Server.Administration;
using Hotplug.Server.Answers;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Hotplug.Server.Limits;
using Hotplug.Server.OpenAI.Embeddings;
using Microsoft.Extensions.Configuration;
using Hotplug.Server.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what the HTTP endpoints of Hotplug need.</summary>
public static class HotplugServerExtensions
{
    private const string Section = "Server";

    /// <summary>Serves the builder's models over HTTP; map the endpoints with <c>app.MapHotplug()</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, after section <c>Hotplug:Server</c> of the configuration.</param>
    public static IHotplugBuilder AddServer(this IHotplugBuilder builder, Action<HotplugServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHotplugServer(configure);
        return builder;
    }

    /// <summary>Serves the models of the container's <see cref="IModelHost"/> over HTTP; map the endpoints with <c>app.MapHotplug()</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options.</param>
    public static IServiceCollection AddHotplugServer(this IServiceCollection services, Action<HotplugServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<HotplugServerOptions>();
        if (!services.Any(s => s.ImplementationInstance is HotplugSection { Name: Section }))
        {
            services.AddSingleton(new HotplugSection(Section));
            options.Configure<IServiceProvider>(static (server, provider) => provider.GetService<IConfiguration>()?.GetSection($"{HotplugOptions.SectionName}:{Section}").Bind(server, b => b.ErrorOnUnknownConfiguration = true)).ValidateOnStart();
            services.AddOptions<ModelsLifetimeOptions>().Configure<IOptions<HotplugServerOptions>>(static (models, server) => models.LoadAtStart &= server.Value.LoadAtStart);
        }
        if (configure is not null) options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HotplugServerOptions>, HotplugServerOptionsValidator>());
        services.AddHotplugModels();
        services.TryAddSingleton<ModelDirectory>();
        services.TryAddSingleton(static provider => new EmbeddingQueue(provider.GetService<GenerationSchedulerOptions>()));
        services.TryAddSingleton<TextEmbedding>();
        services.TryAddSingleton<EmbeddingsEndpoint>();
        services.TryAddSingleton<CallerRates>();
        services.TryAddSingleton<RequestGuard>();
        AdminEndpoints.Add(services);
        services.AddOpenApi("v1", static document =>
        {
            document.AddOperationTransformer<BodiesTransformer>();
            document.AddSchemaTransformer<NamesTransformer>();
        });
        return services;
    }
}
