using System.Net;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Plugins.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Hotplug.Cli.Serving;

/// <summary>The web server of <c>hotplug serve</c>: listens until it is told to end, and then brings the answers under way to theirs.</summary>
internal static class ServingHost
{
    /// <summary>How long answers under way are waited for.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    /// <summary>How long connections are waited for on which nothing is being answered any more: for what has been written, and not been sent.</summary>
    private static readonly TimeSpan LastBytesTime = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(IModelHost models, IBackendCatalog catalog, ServingOptions options, bool verbose, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.Error);
        // Its failures end the command, which says them.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (options.LogContent) builder.Logging.AddFilter("Hotplug.Generation", LogLevel.Information);
        var services = builder.Services;
        services.AddRoutingCore();
        // The command line hears the signals; the host is stopped by it.
        services.AddSingleton<IHostLifetime, SilentLifetime>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = DrainTime);
        services.AddSingleton(models);
        services.AddSingleton(catalog);
        services.AddSingleton(new GenerationSchedulerOptions { QueueLength = options.Queue, LogContent = options.LogContent });
        ServingTelemetry.AddTo(services, builder.Configuration);
        services.AddHotplugServer(server =>
        {
            foreach (var key in options.Keys) server.ApiKeys.Add(key);
            server.RequestTimeout = options.RequestSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            server.RateLimit = options.RequestsPerMinute;
        });
        services.AddProblemDetails();
        if (options.Origins.Count > 0)
            services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins([.. options.Origins.Select(o => o.TrimEnd('/'))]).AllowAnyHeader().AllowAnyMethod()));
        var loopback = IPAddress.IsLoopback(options.Address);
        // A stranger's page must not reach this machine by a name that it has pointed here.
        if (loopback) services.Configure<HostFilteringOptions>(o => o.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);

        await using var app = builder.Build();
        if (loopback) app.UseHostFiltering();
        // What no endpoint answers has no dialect: an error is a problem details document.
        app.UseStatusCodePages();
        var answers = new AnswersUnderWay();
        app.Use(answers.CountAsync);
        app.UseRouting();
        if (options.Origins.Count > 0) app.UseCors();
        app.MapHotplug();
        app.MapPrometheusScrapingEndpoint().RequireHotplugKey();
        await app.StartAsync(cancellation);
        using var patience = Interruption.Await(DrainTime);
        // Under systemd, which starts what waits for this service when it is told so.
        var notifier = new SystemdNotifier();
        await app.Services.GetRequiredService<ModelsLifetime>().Loading.WaitAsync(cancellation);
        notifier.Notify(ServiceState.Ready);
        Console.Error.WriteLine($"listening at {app.Urls.First()}");
        if (!loopback && options.Keys.Count == 0) Console.Error.WriteLine("note: whoever reaches this address may use the models; --api-key asks for a key");
        if (options.LogContent) Console.Error.WriteLine("note: what is asked and answered is logged, because --log-content was given");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            notifier.Notify(ServiceState.Stopping);
            Console.Error.WriteLine("finishing the answers under way; press Ctrl-C again to end at once");
        }
        using var stop = new CancellationTokenSource();
        var stopping = app.StopAsync(stop.Token);
        await Task.WhenAny(stopping, answers.NoneAsync());
        // What is still open has brought no request, or the beginning of one.
        stop.CancelAfter(LastBytesTime);
        await stopping;
    }
}
