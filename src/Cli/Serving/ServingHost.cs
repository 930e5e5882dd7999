using System.Net;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hotplug.Cli.Serving;

/// <summary>The web server of <c>hotplug serve</c>: listens until it is told to end, and then brings the answers under way to theirs.</summary>
internal static class ServingHost
{
    /// <summary>How long answers under way are waited for.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    /// <summary>How long connections are waited for on which nothing is being answered any more: for what has been written, and not been sent.</summary>
    private static readonly TimeSpan LastBytesTime = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(IModelHost models, ServingOptions options, bool verbose, CancellationToken cancellation)
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
        var services = builder.Services;
        services.AddRoutingCore();
        // The command line hears the signals; the host is stopped by it.
        services.AddSingleton<IHostLifetime, SilentLifetime>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = DrainTime);
        services.AddSingleton(models);
        services.AddSingleton(new GenerationSchedulerOptions { QueueLength = options.Queue });
        services.AddHotplugServer(server =>
        {
            foreach (var key in options.Keys) server.ApiKeys.Add(key);
        });
        var loopback = IPAddress.IsLoopback(options.Address);
        // A stranger's page must not reach this machine by a name that it has pointed here.
        if (loopback) services.Configure<HostFilteringOptions>(o => o.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);

        await using var app = builder.Build();
        if (loopback) app.UseHostFiltering();
        var answers = new AnswersUnderWay();
        app.Use(answers.CountAsync);
        app.UseRouting();
        app.MapHotplug();
        await app.StartAsync(cancellation);
        using var patience = Interruption.Await(DrainTime);
        Console.Error.WriteLine($"listening at {app.Urls.First()}");
        if (!loopback && options.Keys.Count == 0) Console.Error.WriteLine("note: whoever reaches this address may use the models; --api-key asks for a key");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
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
