using Hotplug.Abstractions.Plugins;
using Hotplug.Tests;

[assembly: BackendPlugin("future-minor", typeof(UnavailablePlugin), contract: "1.99")]
