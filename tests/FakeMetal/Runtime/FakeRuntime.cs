using Hotplug.Metal.Fake.Facts;
using Hotplug.Metal.Fake.Memory;
using Hotplug.Metal.Fake.Objects;

namespace Hotplug.Metal.Fake.Runtime;

/// <summary>Objects, selectors and pools of one double. Everything happens under <see cref="Gate"/>.</summary>
internal sealed class FakeRuntime(FakeOptions options)
{
    private readonly Dictionary<nint, FakeObject> _objects = [];
    private readonly Dictionary<string, nint> _selectors = [];
    private readonly Dictionary<nint, string> _selectorNames = [];
    private readonly Dictionary<string, FakeClass> _classes = [];
    private readonly Dictionary<int, Stack<FakePool>> _pools = [];
    private readonly Dictionary<string, int> _sent = [];
    private readonly List<FakeViolation> _violations = [];

    // Addresses that no memory has, never used twice: a stale one is always recognised.
    private nint _next = unchecked((nint)0x7fab_0000_0000_0000);

    public Lock Gate { get; } = new();
    public FakeOptions Options { get; } = options;
    public FakeFaults Faults { get; } = new();
    public MetalFacts Facts { get; } = MetalFacts.Read();
    public ulong Allocated { get; set; }
    public int Dispatches { get; set; }

    public IReadOnlyList<FakeViolation> Violations
    {
        get
        {
            lock (Gate) return [.. _violations];
        }
    }

    /// <summary>The first of them, or null.</summary>
    public FakeViolation? FirstViolation => _violations.Count == 0 ? null : _violations[0];

    public IReadOnlyDictionary<string, int> Sent
    {
        get
        {
            lock (Gate) return new Dictionary<string, int>(_sent);
        }
    }

    /// <summary>Objects that the binding or a pool has references of.</summary>
    public IEnumerable<FakeObject> Owned => _objects.Values.Where(o => !o.IsUnowned && !o.IsImmortal);

    /// <summary>Objects that are not gone.</summary>
    public IEnumerable<T> Alive<T>() where T : FakeObject => _objects.Values.OfType<T>().Where(o => !o.IsGone);

    public IEnumerable<FakePool> OpenPools => _pools.Values.SelectMany(p => p);

    public void Report(ViolationKind kind, string text) => _violations.Add(new(kind, text));

    public nint Register(FakeObject made)
    {
        _objects.Add(_next, made);
        var address = _next;
        _next += 16;
        return address;
    }

    /// <summary>The object behind an argument; a violation and null when it is none that can be used as such. Nil is null without a violation.</summary>
    public T? Argument<T>(nint address, string what) where T : FakeObject
    {
        if (address == 0) return null;
        if (!_objects.TryGetValue(address, out var found)) Report(ViolationKind.Message, $"{what}: 0x{address:x} is no object.");
        else if (found.IsUnowned) Report(ViolationKind.UseAfterRelease, $"{what}: {found} was given back.");
        else if (found is not T) Report(ViolationKind.Message, $"{what}: {found} is no {typeof(T).Name}.");
        else return (T)found;
        return null;
    }

    /// <summary>The target of a message that was sent through a shape; null when it must not be delivered.</summary>
    public (FakeObject Target, string Selector)? Receive(nint self, nint selector, string shape)
    {
        if (!_selectorNames.TryGetValue(selector, out var name))
        {
            Report(ViolationKind.Message, $"0x{selector:x} is no selector.");
            return null;
        }
        _sent[name] = _sent.GetValueOrDefault(name) + 1;
        if (!_objects.TryGetValue(self, out var target))
        {
            Report(ViolationKind.Message, self == 0 ? $"{name} was sent to nil." : $"{name} was sent to 0x{self:x}, which is no object.");
            return null;
        }
        if (target.IsUnowned)
        {
            Report(name == "release" ? ViolationKind.OverRelease : ViolationKind.UseAfterRelease, $"{name} was sent to {target}, which was given back.");
            return null;
        }
        if (target.Class.Encoding(name, target is FakeClass) is not { } encoding)
        {
            Report(ViolationKind.Message, $"{target} does not know {name}.");
            return null;
        }
        var expected = Shapes.Comparable(encoding);
        if (expected != shape)
        {
            Report(ViolationKind.Shape, $"{name} has the encoding {encoding} ({expected}) and was sent as {shape}.");
            return null;
        }
        return (target, name);
    }

    public nint Selector(string name)
    {
        if (_selectors.TryGetValue(name, out var known)) return known;
        var address = _next;
        _next += 16;
        _selectors.Add(name, address);
        _selectorNames.Add(address, name);
        return address;
    }

    public string? SelectorName(nint selector) => _selectorNames.GetValueOrDefault(selector);

    /// <summary>A class by name; made when it is first asked for.</summary>
    public FakeClass Class(string name)
    {
        if (!_classes.TryGetValue(name, out var found)) _classes.Add(name, found = new(this, name));
        return found;
    }

    public FakeObject? Find(nint address) => _objects.GetValueOrDefault(address);

    public nint PushPool()
    {
        var thread = Environment.CurrentManagedThreadId;
        if (!_pools.TryGetValue(thread, out var stack)) _pools.Add(thread, stack = []);
        var pool = new FakePool(_next, thread);
        _next += 16;
        stack.Push(pool);
        return pool.Token;
    }

    public void PopPool(nint token)
    {
        var thread = Environment.CurrentManagedThreadId;
        if (!_pools.TryGetValue(thread, out var stack) || !stack.Any(p => p.Token == token))
        {
            Report(ViolationKind.Pool, $"A pool was closed that is not open on thread {thread}.");
            return;
        }
        FakePool pool;
        do
        {
            pool = stack.Pop();
            foreach (var held in pool.Held) held.Release();
        }
        while (pool.Token != token);
    }

    /// <summary>Leaves a reference of the object to the pool of this thread. Gives its address.</summary>
    public nint Autorelease(FakeObject target)
    {
        if (_pools.TryGetValue(Environment.CurrentManagedThreadId, out var stack) && stack.TryPeek(out var pool)) pool.Held.Add(target);
        else Report(ViolationKind.Pool, $"{target} was autoreleased on a thread without a pool: it is never released.");
        return target.Address;
    }

    public nint Error(long code, string text) => Autorelease(new FakeError(this, code, text));

    public nint Text(string text) => Autorelease(new FakeString(this, text));

    /// <summary>Frees what the double itself holds; objects that were leaked stay objects.</summary>
    public void Free()
    {
        foreach (var left in _objects.Values) left.Free();
    }

    /// <summary>The mappings of the process now.</summary>
    public static HostMap Map() => new();
}
