using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hotplug.Cli.Serving;

/// <summary>Collects what the libraries measure: for Prometheus at <c>/metrics</c>, and by OTLP, with activities, where the usual variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
internal static class ServingTelemetry
{
    private const string Prefix = "OTEL_", Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", Name = "OTEL_SERVICE_NAME";

    public static void AddTo(IServiceCollection services, IConfigurationManager configuration)
    {
        // The exporters read the host's configuration, which has no variables of the environment here but theirs.
        configuration.AddInMemoryCollection(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value))
            .Where(v => v.Key.StartsWith(Prefix, StringComparison.Ordinal)));
        var sends = IsSet(Endpoint);
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource =>
            {
                if (!IsSet(Name)) resource.AddService("hotplug", serviceVersion: typeof(ServingTelemetry).Assembly.GetName().Version?.ToString(3));
            })
            .WithMetrics(metrics =>
            {
                metrics.AddMeter("Hotplug.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime").AddPrometheusExporter();
                if (sends) metrics.AddOtlpExporter();
            });
        if (sends) telemetry.WithTracing(tracing => tracing.AddSource("Hotplug.*", "Microsoft.AspNetCore").AddOtlpExporter());
    }

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
