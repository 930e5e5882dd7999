using Hotplug.Extensions.AI.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health of models to a program's health checks.</summary>
public static class HotplugHealthExtensions
{
    /// <summary>Name and tag of the check that says whether the process is to be started anew.</summary>
    public const string Live = "hotplug-live", LiveTag = "live";

    /// <summary>Name and tag of the check that says whether requests can be answered, and whether all is as it was asked for.</summary>
    public const string Ready = "hotplug-ready", ReadyTag = "ready";

    /// <summary>Adds two checks: <see cref="Live"/> with the tag <c>live</c>, and <see cref="Ready"/> with the tag <c>ready</c>, which is degraded, with reasons, where something is otherwise than it was asked for.</summary>
    /// <param name="builder">The builder; models are added with <c>AddHotplug().AddModel(…)</c> and a client or a server over them.</param>
    public static IHealthChecksBuilder AddHotplug(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHotplugModels();
        return builder.AddCheck<HotplugLiveCheck>(Live, HealthStatus.Unhealthy, [LiveTag]).AddCheck<HotplugReadyCheck>(Ready, HealthStatus.Unhealthy, [ReadyTag]);
    }
}
