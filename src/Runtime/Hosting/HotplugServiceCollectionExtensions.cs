using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Hosting;
using Hotplug.Runtime.Plugins.Catalog;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Hotplug to a program's services. Everything is added with TryAdd: what the program registered itself stays.</summary>
public static class HotplugServiceCollectionExtensions
{
    /// <summary>
    /// Adds the catalogue of backends, with options from section <c>Hotplug</c> of the configuration (if the program has one) and then from code. Called again it composes.
    /// </summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="configure">Changes options after the configuration was read.</param>
    public static IHotplugBuilder AddHotplug(this IServiceCollection services, Action<HotplugOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddHotplugOptions();
        services.AddBackendCatalog();
        if (configure is not null) services.Configure(configure);
        return new HotplugBuilder(services);
    }

    /// <summary>Searches a further folder for plugins.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The folder; a relative one lies beside the program.</param>
    public static IHotplugBuilder AddPluginDirectory(this IHotplugBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<HotplugOptions>(o => o.PluginDirectories.Add(path));
        return builder;
    }

    /// <summary>Adds a backend that is part of the program. It comes before those found in folders.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="id">Its id; null for the one its assembly's attribute states.</param>
    public static IHotplugBuilder AddStaticBackend<TPlugin>(this IHotplugBuilder builder, string? id = null) where TPlugin : class, IBackendPlugin, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(StaticBackend.Of<TPlugin>(id));
        return builder;
    }

    private static void AddHotplugOptions(this IServiceCollection services)
    {
        services.AddOptions<HotplugOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HotplugOptions>, HotplugConfiguration>(
            static s => new(s.GetService<IConfiguration>(), s.GetServices<HotplugSection>())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HotplugOptions>, HotplugOptionsValidator>());
    }

    private static void AddBackendCatalog(this IServiceCollection services)
        => services.TryAddSingleton<IBackendCatalog>(static s => new BackendCatalog(
            s.GetRequiredService<IOptions<HotplugOptions>>().Value.ToCatalog(s.GetServices<StaticBackend>()), s.GetService<ILoggerFactory>()));
}
