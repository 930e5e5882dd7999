using System.Text.Json.Nodes;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Hosting;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.ServerTests.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Hotplug.ServerTests.Hosting;

/// <summary>The health of models in a program of one's own, and at the server's endpoints.</summary>
public sealed class HealthTests
{
    private const string Live = HotplugHealthExtensions.Live, Ready = HotplugHealthExtensions.Ready;

    [Fact]
    public async Task A_model_that_runs_as_it_was_asked_for_is_live_and_ready()
    {
        using var host = await StartAsync(o => o.Backend = "cpu");
        await host.Services.GetRequiredService<ModelsLifetime>().Loading;
        var report = await ReportAsync(host);
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Healthy), (report.Entries[Live].Status, report.Entries[Ready].Status));
        Assert.Contains("live", report.Entries[Live].Tags);
        Assert.Contains("ready", report.Entries[Ready].Tags);
        // A pinned backend whose generation was exchanged stays by design.
        await host.Services.GetRequiredService<IModelHost>().SwapAsync(new("cpu") { Options = new() { ProbationSteps = 0 } });
        Assert.Equal(HealthStatus.Healthy, (await ReportAsync(host)).Status);
        await host.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await ReportAsync(host)).Entries[Ready].Status);
    }

    [Fact]
    public async Task One_that_cannot_be_loaded_is_not_ready_by_its_name()
    {
        using var host = await StartAsync(o => o.Path = "nothing.gguf");
        await host.Services.GetRequiredService<ModelsLifetime>().Loading;
        var entry = (await ReportAsync(host)).Entries[Ready];
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("story could not be loaded", entry.Description);
        Assert.DoesNotContain("gguf", entry.Description);
    }

    [Fact]
    public async Task A_fallback_is_degraded_until_the_model_is_put_elsewhere_on_request()
    {
        using var host = await StartAsync(o => (o.Backend, o.FailoverBackends) = ("far", ["cpu"]), ("Hotplug:Backends:far:lose-device-after", "40"));
        await host.Services.GetRequiredService<ModelsLifetime>().Loading;
        var client = host.Services.GetRequiredService<IChatClient>();
        Assert.NotEmpty((await client.GetResponseAsync(StoryClient.Question, StoryClient.Greedy(100))).Text);
        var entry = (await ReportAsync(host)).Entries[Ready];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("cpu took over", entry.Description);
        Assert.NotEmpty((IReadOnlyList<string>)entry.Data["reasons"]);
        // Another generation of what took over is one still; the place that was asked for is none.
        var models = host.Services.GetRequiredService<IModelHost>();
        await models.SwapAsync(new("cpu") { Options = new() { ProbationSteps = 0 } });
        Assert.Equal(HealthStatus.Degraded, (await ReportAsync(host)).Status);
        await models.Models.Single().PlaceAsync(new() { Backend = "cpu" }, new() { ProbationSteps = 0 });
        Assert.Equal(HealthStatus.Healthy, (await ReportAsync(host)).Status);
    }

    [Fact]
    public async Task Memory_that_was_to_be_locked_and_is_not_is_degraded_with_its_bytes()
    {
        // The test device does not say whether its memory can be paged out.
        using var host = await StartAsync(o =>
        {
            o.Backend = "far";
            o.Memory.Lock = LockPolicy.Try;
        });
        await host.Services.GetRequiredService<ModelsLifetime>().Loading;
        var entry = (await ReportAsync(host)).Entries[Ready];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Matches("[0-9]+ bytes that were to be locked", entry.Description!);
    }

    [Fact]
    public async Task A_generation_that_stays_although_it_was_to_go_is_degraded()
    {
        using var host = await StartAsync(o => o.Backend = "cpu");
        await host.Services.GetRequiredService<ModelsLifetime>().Loading;
        var slot = await host.Services.GetRequiredService<IBackendCatalog>().GetAsync("far");
        using var lease = slot.Acquire("a test");
        await slot.Current!.RetireAsync(new() { DrainTimeout = TimeSpan.Zero, CancelTimeout = TimeSpan.Zero });
        var entry = (await ReportAsync(host)).Entries[Ready];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("far: generation", entry.Description);
        Assert.Contains("a test", entry.Description);
    }

    [Fact]
    public async Task The_endpoint_says_degraded_with_the_reasons_and_is_ready_all_the_same()
    {
        await using var server = await StoryServer.StartAsync();
        await server.App.Services.GetRequiredService<ModelsLifetime>().Loading;
        var slot = await server.App.Services.GetRequiredService<IBackendCatalog>().GetAsync("far");
        using var lease = slot.Acquire("a test");
        await slot.Current!.RetireAsync(new() { DrainTimeout = TimeSpan.Zero, CancelTimeout = TimeSpan.Zero });
        using var ready = await server.Client.GetAsync("/health/ready");
        var document = JsonNode.Parse(await ready.Content.ReadAsStringAsync())!;
        Assert.Equal((200, "degraded"), ((int)ready.StatusCode, (string?)document["status"]));
        Assert.Contains("far: generation", (string?)Assert.Single(document["reasons"]!.AsArray()));
        Assert.Equal("live", (string?)JsonNode.Parse(await server.Client.GetStringAsync("/health/live"))!["status"]);
    }

    private static async Task<IHost> StartAsync(Action<HotplugModelOptions> configure, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        foreach (var (key, value) in settings) builder.Configuration[key] = value;
        builder.Services.AddHotplug().AddModel("story", o =>
        {
            (o.Path, o.Context) = (StoryClient.Model, 256);
            configure(o);
        }).AddChatClient();
        builder.Services.AddHealthChecks().AddHotplug();
        builder.Services.AddLogging();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static Task<HealthReport> ReportAsync(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
}
