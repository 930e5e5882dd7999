using CsCheck;
using Hotplug.Runtime.Hosting;
using Hotplug.Runtime.Memory.Policy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Hotplug.UnitTests.Hosting;

public sealed class HotplugOptionsTests
{
    private static IConfigurationSection Section(params (string Key, string? Value)[] values)
        => new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create("Hotplug:" + v.Key, v.Value))).Build().GetSection("Hotplug");

    private static string[] Errors(params (string Key, string? Value)[] values)
        => [.. Assert.Throws<OptionsValidationException>(() => HotplugOptions.Read(Section(values))).Failures];

    [Fact]
    public void Everything_is_read_whatever_its_case()
    {
        var options = HotplugOptions.Read(Section(("pluginDirectories:0", "a"), ("pluginDirectories:1", "b"), ("BACKEND", "gpu:gpu1"), ("Backends:gpu:streams", "2"), ("Threads", "6"),
            ("ShadowCopyDirectory", "/cache"), ("Memory:Map", "require"), ("Memory:Lock", "TRY"), ("Memory:LockScope", "weights, kvcache"), ("Memory:LargestAllocation", "1.25MiB")));
        Assert.Equal(["a", "b"], options.PluginDirectories);
        Assert.Equal("gpu:gpu1", options.Backend);
        Assert.Equal("2", options.Backends["GPU"]["Streams"]);
        Assert.Equal((6, "/cache"), (options.Threads, options.ShadowCopyDirectory));
        var policy = options.Memory.ToPolicy();
        Assert.Equal((MapPolicy.Require, LockPolicy.Try, LockScope.Weights | LockScope.KvCache, (nuint)1310720), (policy.Map, policy.Lock, policy.Scope, policy.LargestAllocation));
        var catalog = options.ToCatalog();
        Assert.Equal("2", catalog.Settings["gpu"]["streams"]);
    }

    [Fact]
    public void Nothing_configured_is_the_default()
    {
        var options = HotplugOptions.Read(Section());
        Assert.Equal(("auto", null, null), (options.Backend, options.Threads, options.ShadowCopyDirectory));
        Assert.Equal(MemoryPolicy.Default, options.Memory.ToPolicy() with { Overrides = MemoryPolicy.Default.Overrides });
    }

    [Fact]
    public void One_value_of_folders_is_separated_as_in_path()
        => Assert.Equal(["a", "b"], HotplugOptions.Read(Section(("PluginDirectories", string.Join(Path.PathSeparator, "a", "b")))).PluginDirectories);

    [Fact]
    public void Everything_that_is_wrong_is_listed_at_once_with_key_value_and_cure()
    {
        var errors = Errors(("Threads", "many"), ("Memory:Map", "maybe"), ("Memory:LargestAllocation", "big"), ("Memory:Lok", "try"), ("Bakend", "cpu"), ("Backend", ":x"), ("PluginDirectories:0", ""), ("Memory:LockScope", "weights,shoes"));
        Assert.Equal(8, errors.Length);
        Assert.Contains("Hotplug:Threads: 'many' is not a whole number. Write a number of at least 1, or leave it out for all processors.", errors);
        Assert.Contains("Hotplug:Memory:Map: 'maybe' is not known. Write auto, require, off.", errors);
        Assert.Contains(errors, e => e.StartsWith("Hotplug:Memory:LargestAllocation: 'big' is not a size.") && e.Contains("1.25MiB"));
        Assert.Contains(errors, e => e.StartsWith("Hotplug:Memory:Lok: the key is not known (its value is 'try'). Known are Map, Lock"));
        Assert.Contains(errors, e => e.StartsWith("Hotplug:Bakend: the key is not known") && e.Contains("Backend"));
        Assert.Contains(errors, e => e.StartsWith("Hotplug:Backend: ':x' is not a device"));
        Assert.Contains(errors, e => e.StartsWith("Hotplug:PluginDirectories:0: ''"));
        Assert.Contains(errors, e => e.StartsWith("Hotplug:Memory:LockScope: 'shoes'"));
    }

    [Theory]
    [InlineData("Threads", "0")]
    [InlineData("Threads", "1025")]
    [InlineData("Memory:LargestAllocation", "0")]
    [InlineData("Backend:sub", "cpu")]
    [InlineData("Backends:cpu", "fast")]
    [InlineData("ShadowCopyDirectory", "a\0b")]
    public void A_value_out_of_bounds_is_refused_by_its_key(string key, string value)
        => Assert.StartsWith("Hotplug:" + (key == "Backend:sub" ? "Backend" : key), Assert.Single(Errors((key, value))));

    [Fact]
    public void Locking_nothing_is_refused()
        => Assert.Contains("LockScope", Assert.Single(Errors(("Memory:Lock", "try"), ("Memory:LockScope", "none"))));

    [Theory]
    [InlineData("0", 0ul)]
    [InlineData("4096", 4096ul)]
    [InlineData("64KiB", 65536ul)]
    [InlineData(" 1.25 MiB ", 1310720ul)]
    [InlineData("2gb", 2_000_000_000ul)]
    [InlineData("3 B", 3ul)]
    [InlineData("512K", 524288ul)]
    [InlineData("0.5 m", 524288ul)]
    [InlineData("8G", 8589934592ul)]
    [InlineData("8GB", 8000000000ul)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    public void Sizes_are_read(string text, ulong bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,5MiB")]
    [InlineData("0.3")]
    [InlineData("0.0001KiB")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999TiB")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("1 XiB")]
    [InlineData("1KK")]
    [InlineData("1Ki")]
    public void What_is_no_size_is_refused(string? text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void Any_text_as_a_size_is_read_or_refused() => Gen.String.Sample(text => { ByteSize.TryParse(text, out _); });
}
