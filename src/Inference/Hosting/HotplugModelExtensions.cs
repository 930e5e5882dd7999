using Hotplug.Inference.Hosting;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Hosting;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Plugins.Catalog;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds models to Hotplug.</summary>
public static class HotplugModelExtensions
{
    /// <summary>
    /// Adds a model by name, with options from <c>Hotplug:Models:NAME</c> of the configuration and then from code. It is loaded when it is first asked of
    /// <see cref="IModelHost"/>; its options are checked at start.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">Name of the model.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The builder, on which extensions such as <c>AddChatClient()</c> mean this model.</returns>
    public static IHotplugModelBuilder AddModel(this IHotplugBuilder builder, string name, Action<HotplugModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var services = builder.Services;
        services.AddSingleton(new NamedModel(name));
        if (!services.Any(s => s.ImplementationInstance is HotplugSection { Name: "Models" })) services.AddSingleton(new HotplugSection("Models"));
        services.AddOptions<HotplugModelOptions>(name)
            .Configure<IServiceProvider>((options, provider) => provider.GetService<IConfiguration>()?.GetSection($"{HotplugOptions.SectionName}:Models:{name}").Bind(options, b => b.ErrorOnUnknownConfiguration = true))
            .ValidateOnStart();
        if (configure is not null) services.Configure(name, configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HotplugModelOptions>, HotplugModelOptionsValidator>());
        services.TryAddSingleton<AddressSpace>();
        services.TryAddSingleton<IModelHost>(static provider =>
        {
            var models = provider.GetRequiredService<IOptionsMonitor<HotplugModelOptions>>();
            var runtime = provider.GetRequiredService<IOptions<HotplugOptions>>().Value;
            return new ModelHost(provider.GetRequiredService<IBackendCatalog>(), provider.GetRequiredService<AddressSpace>(),
                provider.GetServices<NamedModel>().DistinctBy(m => m.Name).ToDictionary(m => m.Name, m => models.Get(m.Name).ToModel(runtime), StringComparer.OrdinalIgnoreCase),
                new() { Loggers = provider.GetService<ILoggerFactory>(), Time = provider.GetService<TimeProvider>() ?? TimeProvider.System });
        });
        return new HotplugModelBuilder(services, name);
    }
}
