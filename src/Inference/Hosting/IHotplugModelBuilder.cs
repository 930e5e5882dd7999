using Hotplug.Runtime.Hosting;

namespace Hotplug.Inference.Hosting;

/// <summary>Where Hotplug is composed, right after a model was added: extensions that concern one model mean this one.</summary>
public interface IHotplugModelBuilder : IHotplugBuilder
{
    /// <summary>Name of the model.</summary>
    string Model { get; }
}
