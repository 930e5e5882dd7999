using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hotplug.Extensions.AI.Health;

/// <summary>Ready: the models are loaded, warm, and as they were asked for; degraded where they are otherwise, with the reasons.</summary>
internal sealed class HotplugReadyCheck(ModelsHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(
            health.Problems is { Count: > 0 } problems ? new HealthCheckResult(context.Registration.FailureStatus, string.Join(" ", problems), data: Data(problems))
            : health.Concerns is { Count: > 0 } concerns ? HealthCheckResult.Degraded(string.Join(" ", concerns), data: Data(concerns))
            : HealthCheckResult.Healthy());

    private static Dictionary<string, object> Data(IReadOnlyList<string> reasons) => new() { ["reasons"] = reasons };
}
