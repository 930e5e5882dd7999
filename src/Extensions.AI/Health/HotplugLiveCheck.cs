using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hotplug.Extensions.AI.Health;

/// <summary>Live: no call into a device hangs at a place that still has to answer.</summary>
internal sealed class HotplugLiveCheck(ModelsHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(health.Hung is { Count: > 0 } hung ? new HealthCheckResult(context.Registration.FailureStatus, string.Join(" ", hung)) : HealthCheckResult.Healthy());
}
