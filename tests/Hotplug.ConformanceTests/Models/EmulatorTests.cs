using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>
/// The plugin gpu on ILGPU's emulator: groups of four lanes, warps of two. Tiny models in every split between it and other devices; a few words of the story model, for which it is slow.
/// </summary>
[Collection("Models")]
public sealed class EmulatorTests(GpuHost host)
{
    // With activations of one byte the error is some 1e-4.
    internal const double QuantLimit = 1e-8;

    // All of the prompt by tiles; token by token, as a generation does, in the continuation.
    private static readonly int[] Chunks = [64];

    public static TheoryData<string, string> Architectures => DevicePlaces.Architectures;

    public static TheoryData<string> Types => [.. QuantTests.Types];

    [Theory]
    [MemberData(nameof(Architectures))]
    public Task Logits_and_continuation_are_those_of_the_reference(string name, string placement) => ArchitectureTests.AreEqual(host, name, On(placement), Chunks);

    // Everywhere else with such a cache the kernels run on a device with a driver, where lanes are cheap.
    [Theory]
    [InlineData("llama", "{0}")]
    [InlineData("llama-tied-mha", "{0} --gpu-layers 1")]
    [InlineData("llama-rope31", "cpu --place blk.*.attn_*={0}")]
    public Task Logits_with_an_F16_cache_are_close(string name, string placement) => ArchitectureTests.AreCloseWithF16Cache(host, name, On(placement));

    [Theory]
    [MemberData(nameof(Types))]
    public Task Rows_are_equal_to_the_last_bit(string type) => QuantTests.RowsAreEqual(host, type, GpuHost.Emulator);

    [Theory]
    [MemberData(nameof(Types))]
    public Task Logits_are_exact_but_for_rounding(string type) => QuantTests.LogitsAreNear(host, type, GpuHost.Emulator, QuantLimit, tokens: 10);

    [Fact]
    public Task The_story_is_that_of_Cpu() => TextOfCpu.StoryIsThatOfCpu(host, On("{0} --gpu-layers 3"), 1, 4, 1e-8);

    [Theory]
    [InlineData("{0} --gpu-layers 1")]
    [InlineData("cpu --place blk.*.attn_k.weight={0} --place blk.*.ffn_up.weight=far")]
    public Task Values_cross_as_often_as_planned(string placement) => PlannedCopies.AreMade(host, On(placement));

    private static string On(string placement) => DevicePlaces.On(GpuHost.Emulator, placement);
}
