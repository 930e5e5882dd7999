using System.Diagnostics;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Models;
using Hotplug.Server.Hosting;
using Hotplug.ServerTests.AI;
using Hotplug.ServerTests.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Hotplug.ServerTests.Hosting;

/// <summary>A program that composes models, middleware and a host.</summary>
public sealed class HostedModelsTests
{
    [Fact]
    public async Task Middleware_composes_on_what_AddChatClient_returns_and_clients_are_keyed_by_the_models_name()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var (log, called, spans) = (new CapturedLog(), 0, new List<string>());
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        var hotplug = builder.Services.AddHotplug();
        hotplug.AddModel("story", o => (o.Path, o.Backend, o.Context) = (StoryClient.Model, "cpu", 512)).AddChatClient()
            .UseLogging().UseOpenTelemetry(sourceName: "composed").UseFunctionInvocation(configure: c => c.MaximumIterationsPerRequest = 1);
        hotplug.AddModel("other", o => (o.Path, o.Backend, o.Context) = (StoryClient.Model, "cpu", 128)).AddChatClient();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name is "composed" or "Hotplug.Inference", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        listener.ActivityStopped = activity =>
        {
            lock (spans) spans.Add($"{activity.Source.Name}: {activity.OperationName} in {activity.Parent?.OperationName}");
        };
        ActivitySource.AddActivityListener(listener);
        using var host = builder.Build();

        var client = host.Services.GetRequiredService<IChatClient>();
        Assert.Same(client, host.Services.GetRequiredKeyedService<IChatClient>("story"));
        Assert.NotNull(client.GetService<FunctionInvokingChatClient>());
        Assert.NotNull(client.GetService<OpenTelemetryChatClient>());
        Assert.NotNull(client.GetService<LoggingChatClient>());
        Assert.NotNull(client.GetService<ServedModels>());
        var options = StoryClient.Greedy(200);
        options.Tools = [AIFunctionFactory.Create((bool loud) => called++, "bark")];
        options.ToolMode = ChatToolMode.RequireSpecific("bark");
        await client.GetResponseAsync(StoryClient.Question, options);
        Assert.NotEqual(0, called);
        Assert.Contains(log.Lines, line => line.Contains("GetResponseAsync", StringComparison.Ordinal));
        // The generation is inside of what the middleware measures, and named once by each.
        lock (spans) Assert.Contains("Hotplug.Inference: chat story in chat story", spans);
        Assert.Equal("other", (await host.Services.GetRequiredKeyedService<IChatClient>("other").GetResponseAsync(StoryClient.Question, StoryClient.Greedy(2))).ModelId);
    }

    [Fact]
    public async Task The_host_loads_warms_and_drains()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var log = new CapturedLog();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        builder.Services.AddHotplug().AddModel("story", o => (o.Path, o.Backend, o.Context) = (StoryClient.Model, "cpu", 512)).AddChatClient();
        using var host = builder.Build();
        var lifetime = host.Services.GetRequiredService<ModelsLifetime>();
        await host.StartAsync();
        await lifetime.Loading;
        Assert.Equal(ModelsState.Ready, lifetime.State);
        // Loaded without having been asked for, and warm: it has run steps, and no session is left of them.
        var model = Assert.Single(host.Services.GetRequiredService<IModelHost>().Models);
        Assert.Equal(0, model.SessionCount);
        Assert.Single(host.Services.GetRequiredService<ServedModels>().Loaded);
        Assert.Contains(log.Lines, line => line.Contains("The model 'story' is ready", StringComparison.Ordinal));

        var client = host.Services.GetRequiredService<IChatClient>();
        var whole = await client.GetResponseAsync(StoryClient.Question, StoryClient.Greedy(60));
        var text = "";
        var stopped = Task.CompletedTask;
        await foreach (var update in client.GetStreamingResponseAsync(StoryClient.Question, StoryClient.Greedy(60)))
        {
            if (text.Length == 0) stopped = host.StopAsync();
            text += update.Text;
        }
        await stopped;
        Assert.Equal(whole.Text, text);
        Assert.Equal(ModelsState.Draining, lifetime.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync(StoryClient.Question));
    }

    [Fact]
    public void The_section_Server_of_the_configuration_binds_the_servers_options_and_what_it_does_not_know_is_refused()
    {
        static IServiceProvider Services(params (string Key, string Value)[] settings)
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => $"Hotplug:{s.Key}", s => (string?)s.Value)).Build());
            services.AddHotplug().AddModel("story", o => o.Path = "x.gguf").AddServer(o => o.ApiKeys.Add("from code"));
            return services.BuildServiceProvider();
        }
        var services = Services(("Server:ApiKeys:0", "from file"), ("Server:MaxRequestBytes", "1000"), ("Server:LoadAtStart", "false"));
        var options = services.GetRequiredService<IOptions<HotplugServerOptions>>().Value;
        Assert.Equal(["from file", "from code"], options.ApiKeys);
        Assert.Equal(1000, options.MaxRequestBytes);
        Assert.False(services.GetRequiredService<IOptions<ModelsLifetimeOptions>>().Value.LoadAtStart);
        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Contains("Colour", Assert.ThrowsAny<Exception>(() => Services(("Server:Colour", "green")).GetRequiredService<IStartupValidator>().Validate()).ToString());
        Assert.Contains("Sever", Assert.ThrowsAny<Exception>(() => Services(("Sever:LoadAtStart", "true")).GetRequiredService<IStartupValidator>().Validate()).ToString());
    }
}
