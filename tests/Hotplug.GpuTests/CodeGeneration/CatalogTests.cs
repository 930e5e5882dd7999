using System.Reflection;
using Hotplug.Gpu.Kernels;
using Xunit;

namespace Hotplug.GpuTests.CodeGeneration;

/// <summary>The catalogue of kernels is complete: what it lacks, nothing proves.</summary>
public sealed class CatalogTests
{
    private static readonly Type[] Types = typeof(KernelCatalog).Assembly.GetTypes();

    private static MethodInfo? Run(Type type) => type.GetMethod("Run", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);

    private static MethodInfo Definition(MethodInfo method) => method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;

    private static IEnumerable<MethodInfo> Definitions => Types
        .Where(type => type.Namespace?.StartsWith(typeof(KernelCatalog).Namespace!, StringComparison.Ordinal) == true && type.Name.EndsWith("Kernel", StringComparison.Ordinal))
        .Select(Run).OfType<MethodInfo>();

    [Fact]
    public void Every_kernel_is_listed()
    {
        Assert.NotEmpty(Definitions);
        var listed = KernelCatalog.Kernels.Select(entry => Definition(entry.Method)).ToHashSet();
        Assert.All(Definitions, method => Assert.True(listed.Contains(method), $"{method.DeclaringType} is not in {nameof(KernelCatalog)}."));
    }

    [Fact]
    public void Every_kernel_is_listed_for_every_type_it_takes()
    {
        foreach (var definition in Definitions.Where(method => method.IsGenericMethod))
        {
            var closed = KernelCatalog.Kernels.Where(entry => Definition(entry.Method) == definition).Select(entry => entry.Method.GetGenericArguments()).ToList();
            foreach (var parameter in definition.GetGenericArguments())
                foreach (var type in Types.Where(type => type.IsValueType && !type.IsGenericType && Takes(parameter, type)))
                    Assert.True(closed.Exists(arguments => arguments[parameter.GenericParameterPosition] == type),
                        $"{definition.DeclaringType} for {parameter} = {type.Name} is not in {nameof(KernelCatalog)}.");
        }
    }

    [Fact]
    public void Nothing_is_listed_twice_and_everything_can_be_launched()
    {
        Assert.Distinct(KernelCatalog.Kernels.Select(entry => entry.Method));
        Assert.Distinct(KernelCatalog.Kernels.Select(entry => entry.Name));
        Assert.All(KernelCatalog.Kernels, entry =>
        {
            Assert.False(entry.Method.ContainsGenericParameters);
            Assert.Equal(typeof(void), entry.Method.ReturnType);
            Assert.True(Assert.Single(entry.Method.GetParameters()).ParameterType.IsValueType);
        });
    }

    // Interfaces of other type parameters, as in IFormat<T>, are for the kernel's own tests.
    private static bool Takes(Type parameter, Type type)
        => parameter.GetGenericParameterConstraints().Where(constraint => constraint.IsInterface).ToList() is { Count: > 0 } constraints
            && constraints.TrueForAll(constraint => !constraint.ContainsGenericParameters && constraint.IsAssignableFrom(type));
}
