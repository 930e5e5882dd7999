using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Hosting;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.UnitTests.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Hotplug.UnitTests.Hosting;

public sealed class HotplugRegistrationTests : IDisposable
{
    private readonly TestPlugins _plugins = new();

    public void Dispose() => _plugins.Dispose();

    private static ServiceCollection Services(params (string Key, string? Value)[] values)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, v.Value))).Build());
        return services;
    }

    [Fact]
    public async Task The_backend_is_chosen_by_configuration_and_found_in_added_folders()
    {
        _plugins.AddScripted();
        var services = Services(("Hotplug:Backend", "scripted:one"), ("Hotplug:ShadowCopyDirectory", _plugins.Cache));
        services.AddHotplug().AddPluginDirectory(_plugins.Folder);
        await using var provider = services.BuildServiceProvider();
        Assert.Equal("scripted", (await provider.GetRequiredService<IBackendCatalog>().SelectAsync()).Slot.Id);
    }

    [Fact]
    public void Code_comes_after_configuration_and_a_second_call_composes()
    {
        var services = Services(("Hotplug:Backend", "configured"), ("Hotplug:Threads", "3"), ("Hotplug:PluginDirectories:0", "one"));
        services.AddHotplug(o => o.Backend = "coded").AddPluginDirectory("two");
        services.AddHotplug().AddPluginDirectory("three");
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<HotplugOptions>>().Value;
        Assert.Equal(("coded", 3), (options.Backend, options.Threads));
        Assert.Equal(["one", "two", "three"], options.PluginDirectories);
        Assert.Single(provider.GetServices<IBackendCatalog>());
    }

    [Fact]
    public void What_the_program_registered_itself_stays()
    {
        using var own = new BackendCatalog(new() { InstallationDirectory = _plugins.Root });
        var services = Services();
        services.AddSingleton<IBackendCatalog>(own);
        services.AddHotplug();
        using var provider = services.BuildServiceProvider();
        Assert.Same(own, provider.GetRequiredService<IBackendCatalog>());
    }

    [Fact]
    public void Errors_come_at_start_all_together()
    {
        var services = Services(("Hotplug:Threads", "0"), ("Hotplug:Memory:Lock", "always"), ("Hotplug:Models:story:Path", "x"));
        services.AddHotplug();
        using (var provider = services.BuildServiceProvider())
            Assert.Equal(3, Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate()).Failures.Count());
        services.AddSingleton(new HotplugSection("Models"));
        using (var provider = services.BuildServiceProvider())
            Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate()).Failures.Count());
    }

    [Fact]
    public async Task A_program_without_configuration_or_plugins_starts_and_says_what_it_has()
    {
        var services = new ServiceCollection();
        services.AddHotplug().AddStaticBackend<OwnPlugin>("own");
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal("own", provider.GetRequiredService<IBackendCatalog>().Backends[0].Id);
    }

    private sealed class OwnPlugin : IBackendPlugin
    {
        public ProbeResult Probe(IPluginHost host) => default;

        public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
