using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddHotplug()
    .AddModel("story", o => o.Path = "models/hotplug-story-5m.Q8_0.gguf")
    .AddChatClient();
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<IChatClient>();
await foreach (var update in client.GetStreamingResponseAsync("Once upon a time"))
    Console.Write(update.Text);
