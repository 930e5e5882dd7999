using System.Reflection;

namespace Hotplug.Gpu.Kernels;

/// <summary>A kernel of the catalogue.</summary>
/// <param name="Method">The entry point, explicitly grouped, closed over its type arguments.</param>
internal sealed record KernelEntry(MethodInfo Method)
{
    /// <summary>Whether it multiplies bytes by <see cref="Kernels.Dot4"/>, which on CUDA must be one instruction.</summary>
    public bool Dot4 { get; init; }

    /// <summary>Concern, class and type arguments: <c>Elements.GatedKernel&lt;Silu&gt;</c>.</summary>
    public string Name
    {
        get
        {
            var arguments = Method.IsGenericMethod ? $"<{string.Join(", ", Method.GetGenericArguments().Select(type => type.Name))}>" : "";
            var declaring = Method.DeclaringType!;
            return $"{declaring.Namespace!.Split('.')[^1]}.{declaring.Name}{arguments}";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
