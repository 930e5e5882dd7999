using System.Reflection;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Suites;
using Xunit;

namespace Hotplug.Testing.Compliance;

/// <summary>
/// Fails if a suite of the kit, or a buffer type or device of the backend, was left out in the assembly that derives this class. Deriving it once per fixture
/// makes sure that a suite added to a later kit is noticed, and a buffer type added to the backend, too.
/// </summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class ComplianceSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>Suites that are left out on purpose, by generic type definition, such as <c>typeof(DeviceLossSuite&lt;&gt;)</c>.</summary>
    protected virtual IReadOnlyCollection<Type> LeftOut => [];

    /// <summary>The assembly whose classes are looked at.</summary>
    protected virtual Assembly TestAssembly => GetType().Assembly;

    /// <summary>Every suite of the kit has a derived class for the fixture.</summary>
    [Fact]
    public void Every_suite_is_derived()
    {
        var missing = Suites.Where(suite => Applies(suite) && !Derived(suite).Any()).Select(Name).ToList();
        Assert.True(missing.Count == 0, $"No class in {TestAssembly.GetName().Name} derives, for {typeof(TFixture).Name}: {string.Join(", ", missing)}.");
    }

    /// <summary>Every suite of buffer types has a derived class for every buffer type of the backend.</summary>
    [Fact]
    public async Task Every_buffer_type_is_tested()
    {
        await using var run = await Start();
        var names = run.Backend.Devices.SelectMany(device => device.BufferTypes).Select(type => type.Name).ToList();
        var missing = new List<string>();
        foreach (var suite in Suites.Where(suite => typeof(IBufferTypeSuite).IsAssignableFrom(suite) && !LeftOut.Contains(suite)))
        {
            var tested = Derived(suite).Select(type => ((IBufferTypeSuite)Activator.CreateInstance(type)!).BufferTypeName).ToList();
            missing.AddRange(names.Except(tested).Select(name => $"{Name(suite)} for {name}"));
            missing.AddRange(tested.Except(names).Select(name => $"{Name(suite)} is derived for {name}, which the backend does not have"));
        }
        Assert.True(missing.Count == 0, $"Missing in {TestAssembly.GetName().Name}: {string.Join("; ", missing)}.");
    }

    /// <summary>Every suite of devices has a derived class for every device of the backend.</summary>
    [Fact]
    public async Task Every_device_is_tested()
    {
        await using var run = await Start();
        var ids = run.Backend.Devices.Select(device => device.Info.Id).ToList();
        var missing = new List<string>();
        foreach (var suite in Suites.Where(suite => !typeof(IBufferTypeSuite).IsAssignableFrom(suite) && IsBackendSuite(suite) && !LeftOut.Contains(suite)))
        {
            var tested = Derived(suite).Select(type => ((BackendSuite<TFixture>)Activator.CreateInstance(type)!).DeviceId ?? ids[0]);
            missing.AddRange(ids.Except(tested).Select(id => $"{Name(suite)} for {id}"));
        }
        Assert.True(missing.Count == 0, $"Missing in {TestAssembly.GetName().Name}: {string.Join("; ", missing)}.");
    }

    /// <summary>Every buffer type takes part in a composite of two kinds and in one of three or more.</summary>
    [Fact]
    public async Task Every_buffer_type_takes_part_in_composites()
    {
        await using var run = await Start();
        var missing = new List<string>();
        foreach (var suite in Suites.Where(suite => suite == typeof(CompositeSuite) || suite == typeof(CompositeLoadSuite)).Where(suite => !LeftOut.Contains(suite)))
        {
            var composites = Derived(suite).Select(PartsOf).ToList();
            foreach (var name in run.Backend.Devices.SelectMany(device => device.BufferTypes).Select(type => type.Name))
            {
                var with = composites.Where(parts => parts.Any(part => part.BufferType == name)).ToList();
                if (!with.Any(parts => parts.Count == 2)) missing.Add($"{suite.Name} of {name} and another");
                if (!with.Any(parts => parts.Count > 2)) missing.Add($"{suite.Name} of {name} and two others");
            }
        }
        Assert.True(missing.Count == 0, $"Missing in {TestAssembly.GetName().Name}: {string.Join("; ", missing)}.");
    }

    // Only what is loaded from a folder can be unloaded.
    private bool Applies(Type suite) => !LeftOut.Contains(suite) && (suite != typeof(UnloadSuite<>) || typeof(DropInFixture).IsAssignableFrom(typeof(TFixture)));

    private static IEnumerable<Type> Suites => typeof(BackendSuite<>).Assembly.GetExportedTypes()
        .Where(type => type.IsAbstract && type.IsClass && type.Namespace == typeof(BackendSuite<>).Namespace && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute))));

    private IEnumerable<Type> Derived(Type suite) => TestAssembly.GetTypes().Where(type => type is { IsAbstract: false, IsPublic: true } && Bases(type).Any(parent
        => parent == suite || (parent.IsGenericType && parent.GetGenericTypeDefinition() == suite && parent.GetGenericArguments() is [var fixture] && fixture == typeof(TFixture))));

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType) yield return parent;
    }

    private static bool IsBackendSuite(Type suite) => Bases(suite).Any(parent => parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(BackendSuite<>));

    private static IReadOnlyList<CompositePart> PartsOf(Type type)
    {
        var property = type.GetProperty("Parts", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!;
        return (IReadOnlyList<CompositePart>)property.GetValue(Activator.CreateInstance(type))!;
    }

    private static string Name(Type suite) => suite.Name.Split('`')[0];

    private static async Task<BackendRun> Start()
    {
        try
        {
            return await new TFixture().StartAsync();
        }
        catch (BackendUnavailableException exception)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }
}
