using System.Runtime.InteropServices;
using Hotplug.Metal.Fake.Objects;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Fake.Runtime;

/// <summary>
/// The functions that stand behind the binding's table: real function pointers with the real calling convention, one per shape of call. An exception
/// must not cross them, so whatever goes wrong in here becomes a violation.
/// </summary>
internal sealed unsafe partial class FakeTable
{
    private readonly FakeRuntime _runtime;
    private readonly IReadOnlyList<FakeDevice> _devices;

    // Native code does not keep a delegate alive.
    private readonly List<Delegate> _kept = [];

    public FakeTable(FakeRuntime runtime, IReadOnlyList<FakeDevice> devices)
    {
        _runtime = runtime;
        _devices = devices;
        Table = new()
        {
            GetClass = (delegate* unmanaged<byte*, nint>)At<NameToId>(GetClass),
            RegisterSelector = (delegate* unmanaged<byte*, nint>)At<NameToId>(RegisterSelector),
            ClassOf = (delegate* unmanaged<nint, nint>)At<OfObject>(ClassOf),
            InstanceMethod = (delegate* unmanaged<nint, nint, nint>)At<IdShape>((type, selector) => Method(type, selector, false)),
            ClassMethod = (delegate* unmanaged<nint, nint, nint>)At<IdShape>((type, selector) => Method(type, selector, true)),
            MethodEncoding = (delegate* unmanaged<nint, byte*>)At<OfObject>(method => method),
            PushPool = (delegate* unmanaged<nint>)At<Make>(() => Guarded(_runtime.PushPool)),
            PopPool = (delegate* unmanaged<nint, void>)At<Take>(token => Guarded(() => _runtime.PopPool(token))),
            CopyAllDevices = (delegate* unmanaged<nint>)At<Make>(CopyAllDevices),
            CreateDefaultDevice = (delegate* unmanaged<nint>)At<Make>(CreateDefaultDevice),
            Send = Shapes(),
            PageSize = runtime.Options.PageSize,
        };
    }

    /// <summary>What the binding gets. Valid while this object is.</summary>
    public ObjectiveCTable Table { get; }

    private nint GetClass(byte* name) => Guarded(() =>
    {
        var text = Marshal.PtrToStringUTF8((nint)name)!;
        return text switch
        {
            "NSObject" or "NSString" or "NSError" or "NSArray" or "MTLCompileOptions" => _runtime.Class(text).Address,
            "MTLResidencySetDescriptor" when _runtime.Options.MacVersion >= 15 => _runtime.Class(text).Address,
            _ => 0,
        };
    });

    private nint RegisterSelector(byte* name) => Guarded(() => _runtime.Selector(Marshal.PtrToStringUTF8((nint)name)!));

    private nint ClassOf(nint target) => Guarded(() => _runtime.Argument<FakeObject>(target, "object_getClass")?.Class.Address ?? 0);

    private nint Method(nint type, nint selector, bool toClass) =>
        Guarded(() => _runtime.Argument<FakeClass>(type, "class_getMethod")?.Method(selector, toClass) ?? 0);

    private nint CopyAllDevices() => Guarded(() =>
        _runtime.Faults.TryTake("MTLCopyAllDevices", out _, out _) ? 0 : new FakeArray(_runtime, _devices).Address);

    private nint CreateDefaultDevice() => Guarded(() =>
        _devices.Count == 0 || _runtime.Faults.TryTake("MTLCreateSystemDefaultDevice", out _, out _) ? 0 : _devices[0].Take());

    /// <summary>Delivers a message, unless it must not be or is to fail.</summary>
    private T Sent<T>(nint self, nint selector, string shape, Func<FakeObject, string, T> deliver)
    {
        lock (_runtime.Gate)
        {
            try
            {
                return _runtime.Receive(self, selector, shape) is { } found ? deliver(found.Target, found.Selector) : default!;
            }
            catch (Exception failure)
            {
                _runtime.Report(ViolationKind.Double, failure.ToString());
                return default!;
            }
        }
    }

    private void Sent(nint self, nint selector, string shape, Action<FakeObject, string> deliver) =>
        Sent(self, selector, shape, (target, name) =>
        {
            deliver(target, name);
            return 0;
        });

    /// <summary>Delivers a message that makes an object, which may be told to fail.</summary>
    private nint Made(nint self, nint selector, string shape, Func<FakeObject, string, nint> deliver) =>
        Sent(self, selector, shape, (target, name) => _runtime.Faults.TryTake(name, out _, out _) ? 0 : deliver(target, name));

    /// <summary>The same, with an error for the reason.</summary>
    private nint Made(nint self, nint selector, string shape, nint error, Func<FakeObject, string, (nint Made, FakeError? Error)> deliver) =>
        Sent(self, selector, shape, (target, name) =>
        {
            var (made, reason) = _runtime.Faults.TryTake(name, out var code, out var text) ? (0, new(_runtime, code, text)) : deliver(target, name);
            if (reason is null) return made;
            _runtime.Autorelease(reason);
            if (error != 0) *(nint*)error = reason.Address;
            return made;
        });

    private nint Guarded(Func<nint> body)
    {
        lock (_runtime.Gate)
        {
            try
            {
                return body();
            }
            catch (Exception failure)
            {
                _runtime.Report(ViolationKind.Double, failure.ToString());
                return 0;
            }
        }
    }

    private void Guarded(Action body) => Guarded(() =>
    {
        body();
        return 0;
    });

    private nint At<T>(T function) where T : Delegate
    {
        _kept.Add(function);
        return Marshal.GetFunctionPointerForDelegate(function);
    }

    private delegate nint NameToId(byte* name);

    private delegate nint OfObject(nint target);

    private delegate nint Make();

    private delegate void Take(nint token);
}
