using Hotplug.ConformanceTests.Tokenizers;
using Hotplug.Inference.Models;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>The plugin gpu through a driver: on a graphics processor, or on an OpenCL device on the processor. Tiny models and texts, whole and in every split with other devices.</summary>
[Collection("Models")]
public sealed class GpuDeviceTests(GpuHost host)
{
    private const int Cases = 3;

    public static TheoryData<string, string> Architectures => DevicePlaces.Architectures;

    public static TheoryData<string> Types => [.. QuantTests.Types];

    public static TheoryData<string, int> Stories
    {
        get
        {
            var data = new TheoryData<string, int>();
            for (var number = 0; number < Cases; number++) data.Add(DevicePlaces.Whole, number);
            var blocks = ModelSource.Open(Material.Path("story", "hotplug-story-5m.Q8_0.gguf")).Description.BlockCount;
            for (var layers = 1; layers <= blocks; layers++) data.Add($"{{0}} --gpu-layers {layers}", layers % Cases);
            data.Add("cpu --place blk.*.ffn_*={0} --place blk.1.attn_v.weight=far", 0);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task Logits_and_continuation_are_those_of_the_reference(string name, string placement)
        => await ArchitectureTests.AreEqual(host, name, await OnAsync(placement), [64, 7, 1]);

    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task Logits_with_an_F16_cache_are_close(string name, string placement) => await ArchitectureTests.AreCloseWithF16Cache(host, name, await OnAsync(placement));

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Rows_are_equal_to_the_last_bit(string type) => await QuantTests.RowsAreEqual(host, type, await host.DeviceAsync());

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Logits_are_exact_but_for_rounding(string type) => await QuantTests.LogitsAreNear(host, type, await host.DeviceAsync(), EmulatorTests.QuantLimit);

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task The_story_is_that_of_Cpu(string placement, int number) => await TextOfCpu.StoryIsThatOfCpu(host, await OnAsync(placement), number, 48, 1e-8);

    [Theory]
    [InlineData("{0}", 0)]
    [InlineData("{0} --gpu-layers 15", 1)]
    public async Task A_real_model_writes_what_it_writes_on_Cpu(string placement, int number)
    {
        var on = await OnAsync(placement);
        var (model, folder) = (SharedFolder.Find("models", "SmolLM2-135M-Instruct.Q4_1.gguf"), SharedFolder.Find("conformance", "smollm2"));
        await TextOfCpu.IsThatOfCpu(host, model, folder, on, number, 32, 1e-6);
    }

    [Theory]
    [InlineData("{0} --gpu-layers 1")]
    [InlineData("cpu --place blk.*.attn_k.weight={0} --place blk.*.ffn_up.weight=far")]
    public async Task Values_cross_as_often_as_planned(string placement) => await PlannedCopies.AreMade(host, await OnAsync(placement));

    private async Task<string> OnAsync(string placement) => DevicePlaces.On(await host.DeviceAsync(), placement);
}
