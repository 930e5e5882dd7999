using Microsoft.Extensions.DependencyInjection;

namespace Hotplug.Runtime.Hosting;

internal sealed class HotplugBuilder(IServiceCollection services) : IHotplugBuilder
{
    public IServiceCollection Services => services;
}
