using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Hotplug.Runtime.Memory.Policy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Hotplug.EndToEndTests.Hosting;

/// <summary>A program that composes Hotplug from services and configuration.</summary>
public sealed class AddModelTests
{
    [Fact]
    public async Task A_configured_model_is_loaded_once_and_writes_text()
    {
        await using var services = Services(new() { ["Hotplug:Models:story:Path"] = Repository.StoryModel, ["Hotplug:Models:story:Backend"] = "cpu", ["Hotplug:Models:story:Memory:Lock"] = "try" });
        var host = services.GetRequiredService<IModelHost>();
        Assert.Equal(["story"], host.Names);
        var model = await host.GetAsync("story", TestContext.Current.CancellationToken);
        Assert.Same(model, await host.GetAsync("STORY", TestContext.Current.CancellationToken));
        Assert.Equal(LockPolicy.Try, model.Executor.Plan.Request.Memory.Lock);

        using var generator = new TextGenerator(model, model.Tokenizer.Encode("Once upon a time", true), new() { MaxTokens = 4, Sampler = new SamplerOptions { Temperature = 0 } });
        var text = "";
        while (generator.Next(out var piece)) text += piece.ToString();
        Assert.Equal(" there was a king", text);
        Assert.Equal(FinishReason.Length, generator.Finish);
    }

    [Fact]
    public async Task An_unknown_name_lists_those_that_are_configured()
    {
        await using var services = Services(new() { ["Hotplug:Models:story:Path"] = Repository.StoryModel });
        var error = await Assert.ThrowsAsync<KeyNotFoundException>(() => services.GetRequiredService<IModelHost>().GetAsync("tale", TestContext.Current.CancellationToken));
        Assert.Contains("story", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hotplug:Models:story:Path", "", "Path is missing")]
    [InlineData("Hotplug:Models:story:Context", "0", "A context of 0 tokens")]
    [InlineData("Hotplug:Models:story:Place:0", "nonsense", "PATTERN=DEVICE")]
    [InlineData("Hotplug:Models:story:Lora:0", ":2", "names no adapter")]
    [InlineData("Hotplug:Models:story:Colour", "green", "Colour")]
    [InlineData("Hotplug:Models:story:Memory:Lock", "perhaps", "perhaps")]
    public async Task A_wrong_option_is_found_before_anything_is_loaded(string key, string value, string said)
    {
        var settings = new Dictionary<string, string?> { ["Hotplug:Models:story:Path"] = "model.gguf" };
        settings[key] = value;
        await using var services = Services(settings);
        var error = Assert.ThrowsAny<Exception>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddHotplug().AddModel("story");
        return services.BuildServiceProvider();
    }
}
