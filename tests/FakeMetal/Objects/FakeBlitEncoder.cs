using Hotplug.Metal.Fake.Execution;
using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>Records copies and fills. On macOS their offsets and lengths are multiples of 4.</summary>
internal sealed class FakeBlitEncoder(FakeRuntime runtime, FakeCommandBuffer commands, Pass pass)
    : FakeEncoder(runtime, "MTLBlitCommandEncoder", commands, pass)
{
    private const ulong Alignment = 4;

    public override void VoidIdUInt64IdUInt64UInt64(string selector, nint first, ulong firstOffset, nint second, ulong secondOffset, ulong length)
    {
        if (selector != "copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:")
        {
            base.VoidIdUInt64IdUInt64UInt64(selector, first, firstOffset, second, secondOffset, length);
            return;
        }
        if (!IsOpen(selector)) return;
        var source = Range(first, firstOffset, length, "the source of a copy");
        var destination = Range(second, secondOffset, length, "the destination of a copy");
        if (source is null || destination is null) return;
        if (source == destination && firstOffset < secondOffset + length && secondOffset < firstOffset + length)
        {
            Violation(ViolationKind.Bounds, $"a copy of {length} bytes from {firstOffset} to {secondOffset} of one buffer overlaps itself.");
            return;
        }
        Pass.Add(new CopyCommand(source, firstOffset, destination, secondOffset, length));
    }

    public override void VoidIdRangeByte(string selector, nint value, NSRange range, byte fill)
    {
        if (selector != "fillBuffer:range:value:")
        {
            base.VoidIdRangeByte(selector, value, range, fill);
            return;
        }
        if (!IsOpen(selector)) return;
        if (Range(value, range.Location, range.Length, "a fill") is { } buffer) Pass.Add(new FillCommand(buffer, range.Location, range.Length, fill));
    }

    private FakeBuffer? Range(nint address, ulong offset, ulong length, string what)
    {
        if (Runtime.Argument<FakeBuffer>(address, what) is not { } buffer)
        {
            if (address == 0) Violation(ViolationKind.Message, $"{what} is nil.");
            return null;
        }
        if (length == 0) Violation(ViolationKind.Limit, $"{what} has no bytes.");
        else if (offset > buffer.Length || length > buffer.Length - offset)
            Violation(ViolationKind.Bounds, $"{what}: {length} bytes at {offset} are not inside of {buffer}, which has {buffer.Length}.");
        else if (offset % Alignment != 0 || length % Alignment != 0)
            Violation(ViolationKind.Alignment, $"{what}: {length} bytes at {offset} are no multiples of {Alignment}.");
        else
        {
            Commands.Use(buffer);
            return buffer;
        }
        return null;
    }
}
