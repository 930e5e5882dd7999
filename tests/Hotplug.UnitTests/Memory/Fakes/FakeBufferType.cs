using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.UnitTests.Memory.Fakes;

/// <summary>A buffer type in every shape the tests need: adopting, host-visible with a layout of its own, or memory the host cannot see.</summary>
internal sealed class FakeBufferType : IBufferType
{
    private string _name = "fake";
    private nuint _baseAlignment = 64;

    public string Name { get => Called("Name", _name); init => _name = value; }

    public nuint BaseAlignment { get => Called("BaseAlignment", _baseAlignment); init => _baseAlignment = value; }

    public nuint TensorAlignment { get; init; } = 32;

    public nuint MaxLength { get; init; } = nuint.MaxValue;

    public BufferTraits Traits { get; init; } = new() { HostVisible = true, StandardLayout = true, Adopts = true };

    /// <summary>Bytes added to every tensor that has any; the buffer fills them with poison.</summary>
    public nuint Padding { get; init; }

    /// <summary>Called before every call does its work; throws to make it fail.</summary>
    public Action<string>? OnCall { get; set; }

    /// <summary>Replaces the buffer that is returned.</summary>
    public Func<FakeBuffer, IBuffer?>? Twist { get; set; }

    /// <summary>Buffers that have not been disposed.</summary>
    public int Alive;

    public static FakeBufferType Cpu(nuint? maxLength = null) => new() { Name = "cpu", MaxLength = maxLength ?? nuint.MaxValue };

    public static FakeBufferType Interleaved(nuint? maxLength = null) => new()
    {
        Name = "cpu.interleaved",
        MaxLength = maxLength ?? nuint.MaxValue,
        TensorAlignment = 128,
        Padding = 48,
        Traits = new() { HostVisible = true },
    };

    public static FakeBufferType Far(nuint? maxLength = null, Residency residency = Residency.Resident) => new()
    {
        Name = "far",
        BaseAlignment = 16384,
        TensorAlignment = 512,
        Padding = 7,
        MaxLength = maxLength ?? nuint.MaxValue,
        Traits = new() { Residency = residency },
    };

    public nuint AllocationSize(in TensorSpec tensor)
    {
        var bytes = (nuint)tensor.ByteLength;
        return Called("AllocationSize", bytes == 0 ? 0 : bytes + Padding);
    }

    public IBuffer Allocate(in BufferRequest request)
    {
        TensorAccess.CheckRequest(this, request);
        OnCall?.Invoke("Allocate");
        var buffer = new FakeBuffer(this, request);
        return Twist is null ? buffer : Twist(buffer)!;
    }

    private T Called<T>(string member, T value)
    {
        OnCall?.Invoke(member);
        return value;
    }
}
