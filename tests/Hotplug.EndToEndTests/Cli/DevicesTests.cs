using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary>What there is to run on.</summary>
public sealed class DevicesTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task Devices_lists_the_processor_and_not_what_is_for_tests()
    {
        string[] plugins = ["--plugins", Path.Combine(Repository.Matrix, "plugins")];
        Assert.Equal(["cpu"], await NamesAsync(plugins));
        Assert.Equal(["cpu", "far"], await NamesAsync([.. plugins, "--all"]));

        async Task<IEnumerable<string>> NamesAsync(string[] flags)
            => (await command.JsonAsync(["devices", "--json", .. flags])).GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("name").GetString()!).Order();
    }

    [Fact]
    public async Task The_doctor_finds_everything_in_order()
    {
        var result = await command.RunAsync("doctor");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("Everything is in order.", result.Output);
        Assert.Contains("locking", result.Output);
    }

    [Fact]
    public async Task The_doctor_names_a_plugin_that_is_broken()
    {
        var plugins = command.Workplace.CopyFolder(Path.Combine(Repository.Matrix, "plugins", "far"), "broken");
        File.Delete(Path.Combine(plugins, "Hotplug.FarMemory.dll"));
        var result = await command.RunAsync("doctor", "--plugins", plugins);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Hotplug.FarMemory.dll", result.Output);
    }
}
