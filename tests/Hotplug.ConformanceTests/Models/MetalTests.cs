using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>
/// The plugin metal upon its double, with the kernels that ship compiled for the processor. Tiny models and texts, whole and in every split with other devices, on the memory of a Mac with one
/// memory; whole and in one split on that of one with a card.
/// </summary>
[Collection("Models")]
public sealed class MetalTests(MetalHosts hosts)
{
    private const string Split = "{0} --gpu-layers 1";

    public static TheoryData<string, string> Architectures => DevicePlaces.Architectures;

    public static TheoryData<string> Types => [.. QuantTests.PackedTypes];

    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task Logits_and_continuation_are_those_of_the_reference(string name, string placement)
        => await ArchitectureTests.AreEqual(await hosts.GetAsync("apple"), name, On(placement), [64, 7]);

    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task Logits_with_an_F16_cache_are_close(string name, string placement)
        => await ArchitectureTests.AreCloseWithF16Cache(await hosts.GetAsync("apple"), name, On(placement));

    [Theory]
    [InlineData("llama", DevicePlaces.Whole)]
    [InlineData("llama-tied-mha", DevicePlaces.Whole)]
    [InlineData("llama-rope31", Split)]
    public async Task A_card_computes_the_same(string name, string placement)
        => await ArchitectureTests.AreEqual(await hosts.GetAsync("intel"), name, On(placement), [64, 7]);

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Rows_are_equal_to_the_last_bit(string type) => await QuantTests.RowsAreEqual(await hosts.GetAsync("apple"), type, MetalHosts.Device);

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Logits_are_exact_but_for_rounding(string type)
        // Activations are not quantised.
        => await QuantTests.LogitsAreNear(await hosts.GetAsync("apple"), type, MetalHosts.Device, 1e-9);

    [Theory]
    [InlineData("Q8_0", DevicePlaces.Whole)]
    [InlineData("Q4_K_S", Split)]
    public async Task Kernels_keep_to_their_memory_and_to_their_barriers(string type, string placement)
        => await QuantTests.LogitsAreNear(await hosts.GetAsync("checked"), type, On(placement), 1e-9, tokens: 10);

    [Theory]
    [InlineData("apple", DevicePlaces.Whole, 0)]
    [InlineData("apple", "{0} --gpu-layers 3", 1)]
    [InlineData("apple", "cpu --place blk.*.ffn_*={0} --place blk.1.attn_v.weight=far", 2)]
    [InlineData("intel", DevicePlaces.Whole, 1)]
    public async Task The_story_is_that_of_Cpu(string mac, string placement, int number)
        => await TextOfCpu.StoryIsThatOfCpu(await hosts.GetAsync(mac), On(placement), number, 48, 1e-7);

    [Theory]
    [InlineData(Split)]
    [InlineData("cpu --place blk.*.attn_k.weight={0} --place blk.*.ffn_up.weight=far")]
    public async Task Values_cross_as_often_as_planned(string placement) => await PlannedCopies.AreMade(await hosts.GetAsync("apple"), On(placement));

    private static string On(string placement) => DevicePlaces.On(MetalHosts.Device, placement);
}
