using Hotplug.Abstractions.Plugins;
using Hotplug.Tests;

[assembly: BackendPlugin("own-contract", typeof(UnavailablePlugin), contract: "1.0")]
