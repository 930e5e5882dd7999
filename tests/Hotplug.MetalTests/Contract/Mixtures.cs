using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

/// <summary>What composites are made of. The GPU is ILGPU's emulator, which any machine has.</summary>
internal static class Mixtures
{
    private const string Mapped = "metal.mapped", Shared = "metal.shared", Private = "metal.private";

    /// <summary>The processor and one type of a Mac.</summary>
    public static IReadOnlyList<CompositePart> CpuAnd(MetalFixture mac, string type) => [Cpu, new(mac, type)];

    /// <summary>The processor and every type of a Mac.</summary>
    public static IReadOnlyList<CompositePart> CpuAnd(MetalFixture mac) => [new(mac, Mapped), Cpu, new(mac, Private), new(mac, Shared)];

    /// <summary>The GPU and one type of a Mac.</summary>
    public static IReadOnlyList<CompositePart> GpuAnd(MetalFixture mac, string type) => [new(mac, type), Gpu];

    /// <summary>The GPU and every type of a Mac.</summary>
    public static IReadOnlyList<CompositePart> GpuAnd(MetalFixture mac) => [new(mac, Private), new(mac, Mapped), Gpu, new(mac, Shared)];

    /// <summary>All three backends, and every type of the Mac.</summary>
    public static IReadOnlyList<CompositePart> AllWith(MetalFixture mac) => [Cpu, new(mac, Mapped), Gpu, new(mac, Private), new(mac, Shared)];

    private static CompositePart Cpu => new(new CpuFixture(), "cpu");

    private static CompositePart Gpu => new(new GpuFixture(), "gpu.cpu-emulation");
}
