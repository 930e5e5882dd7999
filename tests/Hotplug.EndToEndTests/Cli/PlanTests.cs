using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug plan</c> says before what the receipt of a run says after.</summary>
public sealed class PlanTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Theory]
    [InlineData("")]
    [InlineData("--mmap off")]
    [InlineData("--max-allocation 1.25MiB --mmap require")]
    [InlineData("--max-allocation 1.25MiB --place blk.*.ffn_*=far --mlock try")]
    [InlineData("--backend far --gpu-layers 4 --mmap off --mlock try")]
    public async Task A_run_does_what_the_plan_says(string flags)
    {
        var wishes = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // The device of the tests is looked for only where it is asked for.
        string[] all = wishes.Any(wish => wish.Contains("far")) ? [.. wishes, "--plugins", Path.Combine(Repository.Matrix, "plugins")] : wishes;
        var plan = await command.JsonAsync(["plan", "--json", .. all]);
        var receipt = (await command.JsonAsync(["run", "Once", "-n", "1", "--json", .. all])).GetProperty("receipt");

        var planned = plan.GetProperty("parts").EnumerateArray().ToList();
        var loaded = receipt.GetProperty("parts").EnumerateArray().Where(part => part.GetProperty("usage").GetString() == "weights").ToList();
        Assert.NotEmpty(planned);
        Assert.Equal(planned.Select(part => (Text(part, "device"), Text(part, "bufferType"), Number(part, "length"), Number(part, "lockBytes"))),
            loaded.Select(part => (Text(part, "device"), Text(part, "bufferType"), Number(part, "length"), Number(part, "locked"))));
        Assert.Equal(planned.Where(part => Text(part, "backing") == "fileMapping").Sum(part => Number(part, "length")), Number(receipt, "mapped"));
        Assert.Equal((Text(plan, "map"), Text(plan, "lock")), (Text(receipt, "map"), Text(receipt, "lock")));

        // Parts lie in the range as planned.
        var addresses = loaded.Select(part => Convert.ToInt64(Text(part, "address"), 16)).ToList();
        Assert.Equal(planned.Select(part => Number(part, "offset")), addresses.Select(address => address - addresses[0]));

        static string Text(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetString()!;
        static long Number(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task Every_tensor_has_a_place_and_a_reason()
    {
        var plan = await command.JsonAsync("plan", "--json");
        var tensors = plan.GetProperty("tensors").EnumerateArray().ToList();
        Assert.Equal(56, tensors.Count);
        Assert.All(tensors, tensor => Assert.NotEqual("", tensor.GetProperty("reason").GetString()));
    }
}
