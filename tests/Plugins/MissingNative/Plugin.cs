using Hotplug.Abstractions.Plugins;
using Hotplug.Tests;

[assembly: BackendPlugin("missing-native", typeof(UnavailablePlugin), contract: "1.0")]
