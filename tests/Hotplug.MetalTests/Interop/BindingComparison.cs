using System.Reflection;
using Hotplug.Metal.Fake.Facts;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.MetalTests.Interop;

/// <summary>Compares what the binding declares with the table of facts, character by character.</summary>
internal static class BindingComparison
{
    /// <summary>What the facts do not have, spelled out so that nothing joins it unnoticed.</summary>
    public static readonly IReadOnlyDictionary<string, string> Beyond = new Dictionary<string, string>
    {
        ["+[MTLCompileOptions new]"] = "@@:",
        ["+[MTLResidencySetDescriptor new]"] = "@@:",
        ["+[NSString stringWithUTF8String:]"] = "@@:r*",
    };

    /// <summary>How a message differs from the facts; null when it does not.</summary>
    public static string? Difference(MessageInfo message, MetalFacts facts)
    {
        if (Beyond.TryGetValue(message.ToString(), out var stated))
            return message.Encoding == stated ? null : $"{message} is declared {message.Encoding}, and {stated} was agreed on";
        if (facts.Find(message.Receiver, message.Selector, message.ToClass) is not { } fact) return $"the facts have no {message}";
        if (fact.Arm64 is null) return $"the facts have no encoding of {message}";
        if (fact.Arm64 != message.Encoding) return $"{message} is declared {message.Encoding} and is {fact.Arm64}";
        var intel = message.Encoding.Replace('B', 'c');
        return fact.X64 == intel ? null : $"{message} is {fact.X64} on Intel, which {intel} does not say";
    }

    /// <summary>How a value of an enumeration differs from the facts; null when it does not.</summary>
    public static string? Difference(string enumeration, string name, long value, MetalFacts facts)
    {
        if (!facts.Enums.TryGetValue(enumeration, out var known)) return $"the facts have no {enumeration}";
        if (!known.Values.TryGetValue(name, out var fact)) return $"the facts have no {name} of {enumeration}";
        return fact == value ? null : $"{name} is declared {value} and is {fact}";
    }

    /// <summary>The encoding that the C# types of a shape stand for, without const.</summary>
    public static string EncodingOf(FieldInfo shape)
    {
        var type = shape.FieldType;
        if (!type.IsUnmanagedFunctionPointer) throw new InvalidOperationException($"{shape.Name} is no unmanaged function pointer.");
        var parameters = type.GetFunctionPointerParameterTypes();
        if (parameters.Length < 2 || parameters[0] != typeof(nint) || parameters[1] != typeof(nint))
            throw new InvalidOperationException($"{shape.Name} does not begin with receiver and selector.");
        return string.Concat(parameters.Skip(2).Prepend(type.GetFunctionPointerReturnType()).Select(EncodingOf));
    }

    private static string EncodingOf(Type type) =>
        type == typeof(void) ? "v"
        : type == typeof(nint) ? "@"
        : type == typeof(ulong) ? "Q"
        : type == typeof(long) ? "q"
        : type == typeof(double) ? "d"
        : type == typeof(byte) ? "C"
        : type == typeof(ObjCBool) ? "B"
        : type == typeof(NoBlock) ? "@?"
        : type == typeof(Selector) ? ":"
        : type.IsPointer ? Pointer(type.GetElementType()!)
        : type == typeof(MTLSize) ? "{?=QQQ}"
        : type == typeof(NSRange) ? "{_NSRange=QQ}"
        : throw new InvalidOperationException($"{type} has no encoding here.");

    private static string Pointer(Type element) =>
        element == typeof(void) ? "^v"
        : element == typeof(byte) ? "*"
        : element == typeof(nint) ? "^@"
        : throw new InvalidOperationException($"A pointer to {element} has no encoding here.");
}
