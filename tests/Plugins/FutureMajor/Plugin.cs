using Hotplug.Abstractions.Plugins;
using Hotplug.Tests;

[assembly: BackendPlugin("future-major", typeof(UnavailablePlugin), contract: "2.0")]
