using Microsoft.Extensions.DependencyInjection;

namespace Hotplug.Runtime.Hosting;

/// <summary>Where Hotplug is composed. Extensions of other parts hang on it.</summary>
public interface IHotplugBuilder
{
    /// <summary>The services of the program.</summary>
    IServiceCollection Services { get; }
}
