namespace Hotplug.Metal.Fake.Shaders;

/// <summary>Functions compiled together. Disposing unloads their code; none of its functions runs at that time or is used afterwards.</summary>
public interface IShaderLibrary : IDisposable
{
    /// <summary>Names of all kernels; a template instance has the name that its <c>host_name</c> attribute gives it.</summary>
    IReadOnlyCollection<string> FunctionNames { get; }

    /// <summary>A kernel by name, or null. The same name gives the same object; it lives as long as the library.</summary>
    IShaderFunction? Find(string name);
}
