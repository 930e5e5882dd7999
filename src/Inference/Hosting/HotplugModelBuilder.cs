using Microsoft.Extensions.DependencyInjection;

namespace Hotplug.Inference.Hosting;

internal sealed class HotplugModelBuilder(IServiceCollection services, string model) : IHotplugModelBuilder
{
    public IServiceCollection Services => services;

    public string Model => model;
}
