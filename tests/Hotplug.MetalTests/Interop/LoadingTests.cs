using System.Reflection;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Loading;
using Hotplug.MetalTests.Fakes;
using Xunit;

namespace Hotplug.MetalTests.Interop;

public sealed class LoadingTests
{
    /// <summary>Every function that is asked for, with its library.</summary>
    public static TheoryData<string> Symbols =>
        [.. typeof(ObjectiveCTable).GetFields().Select(f => f.GetCustomAttribute<ExportAttribute>()?.Symbol).OfType<string>().Append("objc_msgSend")];

    [Fact]
    public void Elsewhere_nothing_is_loaded_and_the_answer_says_where()
    {
        var loader = new ScriptedLoader { IsMac = false };
        var result = MetalLoader.Load(loader);
        Assert.Equal(LoadOutcome.NotThisSystem, result.Outcome);
        Assert.Null(result.Runtime);
        Assert.Contains("test", result.Reason);
        Assert.Empty(loader.Log);
    }

    [Fact]
    public void This_system_gets_an_answer()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "For systems that are not Macs.");
        Assert.Equal(LoadOutcome.NotThisSystem, MetalLoader.Load().Outcome);
    }

    [Theory]
    [InlineData(LibraryPaths.ObjectiveC)]
    [InlineData(LibraryPaths.Foundation)]
    [InlineData(LibraryPaths.CoreGraphics)]
    [InlineData(LibraryPaths.Metal)]
    public void A_missing_library_is_named_and_nothing_is_kept(string path)
    {
        var loader = new ScriptedLoader { WithoutLibrary = path };
        var result = MetalLoader.Load(loader);
        Assert.Equal(LoadOutcome.LibraryMissing, result.Outcome);
        Assert.Null(result.Runtime);
        Assert.Contains(path, result.Reason);
        Assert.Empty(loader.Open);
    }

    [Theory]
    [MemberData(nameof(Symbols))]
    public void A_missing_function_is_named_and_nothing_is_kept(string symbol)
    {
        var loader = new ScriptedLoader { WithoutSymbol = symbol };
        var result = MetalLoader.Load(loader);
        Assert.Equal(LoadOutcome.FunctionMissing, result.Outcome);
        Assert.Null(result.Runtime);
        Assert.Contains(symbol, result.Reason);
        Assert.Empty(loader.Open);
    }

    [Fact]
    public void Every_function_is_asked_of_its_own_library()
    {
        // A missing one at the end, since these addresses cannot be called.
        var loader = new ScriptedLoader { WithoutSymbol = "objc_msgSend" };
        MetalLoader.Load(loader);
        var expected = typeof(ObjectiveCTable).GetFields().Select(f => f.GetCustomAttribute<ExportAttribute>()).OfType<ExportAttribute>().Select(e => $"{e.Library} {e.Symbol}");
        Assert.Equal(
            expected.Append($"{LibraryPaths.ObjectiveC} objc_msgSend").Order(),
            loader.Log.Where(l => !l.StartsWith("load ", StringComparison.Ordinal) && !l.StartsWith("free ", StringComparison.Ordinal)).Order());
        Assert.Equal(
            loader.Log.Where(l => l.StartsWith("load ", StringComparison.Ordinal)).Select(l => l[5..]).Reverse(),
            loader.Log.Where(l => l.StartsWith("free ", StringComparison.Ordinal)).Select(l => l[5..]));
    }

    [Fact]
    public unsafe void One_address_stands_behind_every_shape()
    {
        var table = SendTable.Filled(0x1234);
        var entries = new ReadOnlySpan<nint>(&table, sizeof(SendTable) / sizeof(nint));
        Assert.Equal(typeof(SendTable).GetFields(BindingFlags.Public | BindingFlags.Instance).Length, entries.Length);
        Assert.All(entries.ToArray(), e => Assert.Equal(0x1234, e));
    }
}
