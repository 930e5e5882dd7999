using Hotplug.Abstractions.Plugins;
using Hotplug.Tests;

[assembly: BackendPlugin("side-effect", typeof(UnavailablePlugin), contract: "1.0")]
