using System.Runtime.InteropServices;
using Hotplug.Metal.Fake.Objects;

namespace Hotplug.Metal.Fake.Runtime;

/// <summary>A class: what its objects answer, by the table of facts. Also an object, which answers the methods of the class.</summary>
internal sealed class FakeClass : FakeObject
{
    // What no source of facts has; the first is a method of NSObject itself.
    private const string New = "@16@0:8";
    private const string StringWithUtf8 = "@24@0:8r*16";

    private readonly IReadOnlyList<string> _lineage;
    private readonly Dictionary<(string, bool), string?> _encodings = [];
    private readonly Dictionary<nint, nint> _methods = [];

    public FakeClass(FakeRuntime runtime, string name) : base(runtime, null)
    {
        Name = name;
        _lineage = runtime.Facts.Lineage(name);
        IsImmortal = true;
    }

    public string Name { get; }

    /// <summary>The encoding, with offsets, by which a method is called on this system; null when there is none.</summary>
    public string? Encoding(string selector, bool toClass)
    {
        if (!_encodings.TryGetValue((selector, toClass), out var known)) _encodings.Add((selector, toClass), known = Look(selector, toClass));
        return known;
    }

    /// <summary>Address of the encoding of a method, standing for the method; zero when the runtime shows none.</summary>
    public nint Method(nint selector, bool toClass)
    {
        var name = Runtime.SelectorName(selector);
        if (name is null || Runtime.Options.Forwarded.Contains(name) || Encoding(name, toClass) is not { } encoding) return 0;
        if (Runtime.Options.Encodings.TryGetValue(name, out var other)) encoding = other;
        if (encoding.Length == 0) return 0;
        var key = toClass ? ~selector : selector;
        if (!_methods.TryGetValue(key, out var text)) _methods.Add(key, text = Marshal.StringToCoTaskMemUTF8(encoding));
        return text;
    }

    public override nint Id(string selector)
    {
        if (selector != "new") return base.Id(selector);
        return Name switch
        {
            "MTLCompileOptions" => new FakeCompileOptions(Runtime).Address,
            "MTLResidencySetDescriptor" => new FakeResidencySetDescriptor(Runtime).Address,
            _ => base.Id(selector),
        };
    }

    public override unsafe nint IdText(string selector, nint text) => (Name, selector) switch
    {
        ("NSString", "stringWithUTF8String:") => Runtime.Text(Marshal.PtrToStringUTF8(text)!),
        _ => base.IdText(selector, text),
    };

    public override void Free()
    {
        foreach (var text in _methods.Values) Marshal.FreeCoTaskMem(text);
        _methods.Clear();
    }

    public override string ToString() => $"class {Name}";

    private string? Look(string selector, bool toClass)
    {
        if (IsTooNew(selector)) return null;
        if (toClass && selector == "new") return New;
        if (toClass && selector == "stringWithUTF8String:" && Name == "NSString") return StringWithUtf8;
        foreach (var receiver in _lineage)
        {
            // Classes answer the methods of NSObject too.
            if (Runtime.Facts.Find(receiver, selector, toClass) is { } fact) return Text(fact);
            if (toClass && receiver == "NSObject" && Runtime.Facts.Find(receiver, selector, false) is { } common) return Text(common);
        }
        return null;

        string? Text(Facts.MethodFact fact) => Runtime.Options.IntelEncodings ? fact.X64Offsets : fact.Arm64Offsets;
    }

    private bool IsTooNew(string selector) => selector switch
    {
        "setMathMode:" or "newResidencySetWithDescriptor:error:" or "addResidencySet:" or "removeResidencySet:" => Runtime.Options.MacVersion < 15,
        "gpuAddress" => Runtime.Options.MacVersion < 13,
        "waitUntilSignaledValue:timeoutMS:" => Runtime.Options.MacVersion < 12,
        _ => false,
    };
}
