using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Faults;

namespace Hotplug.Runtime.Memory;

/// <summary>What a buffer type says of itself, read once and checked; the plugin is not asked again.</summary>
internal sealed record BufferTypeFacts(IBufferType Type, string Name, nuint BaseAlignment, nuint TensorAlignment, nuint MaxLength, BufferTraits Traits)
{
    // An alignment beyond this is a defect, not a need: reserving would take all addresses.
    private const nuint LargestAlignment = 1u << 30;

    /// <summary>Reads the facts.</summary>
    /// <exception cref="BackendFaultException">The type throws, or states what cannot be.</exception>
    public static BufferTypeFacts Read(IBufferType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        BufferTypeFacts facts;
        try
        {
            facts = new(type, type.Name ?? "", type.BaseAlignment, type.TensorAlignment, type.MaxLength, type.Traits);
        }
        catch (Exception exception)
        {
            throw BackendCall.Translate("a buffer type", "stating its facts", exception);
        }
        return facts switch
        {
            { Name: "" } => throw Lie("a name is missing"),
            _ when !Sound(facts.BaseAlignment) => throw Lie($"a base alignment of {facts.BaseAlignment} is no power of two up to {LargestAlignment}"),
            _ when !Sound(facts.TensorAlignment) => throw Lie($"a tensor alignment of {facts.TensorAlignment} is no power of two up to {LargestAlignment}"),
            { Traits: { Adopts: true, HostVisible: false } or { Adopts: true, StandardLayout: false } } => throw Lie("it adopts without being host-visible in the standard layout"),
            _ => facts,
        };

        static bool Sound(nuint alignment) => nuint.IsPow2(alignment) && alignment <= LargestAlignment;
        BackendFaultException Lie(string what) => new(FaultKind.Defect, facts.Name.Length == 0 ? "a buffer type" : facts.Name, "stating its facts", what);
    }

    /// <summary>Bytes a tensor takes in a buffer of this type.</summary>
    /// <exception cref="BackendFaultException">The type throws, or states less than the standard bytes.</exception>
    public nuint SizeOf(in TensorSpec tensor)
    {
        nuint size;
        try
        {
            size = Type.AllocationSize(tensor);
        }
        catch (Exception exception)
        {
            throw BackendCall.Translate(Name, "stating the size of a tensor", exception);
        }
        if (size < (nuint)tensor.ByteLength)
            throw new BackendFaultException(FaultKind.Defect, Name, "stating the size of a tensor", $"{size} bytes for {tensor}, which has {tensor.ByteLength}");
        return size;
    }
}
