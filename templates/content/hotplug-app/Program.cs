using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Microsoft.Extensions.DependencyInjection;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: Acme.App-1 MODEL.gguf PROMPT");
    return 2;
}

// In a program with configuration the same options are bound from its section Hotplug, and AddModel needs the name only.
var services = new ServiceCollection();
services.AddHotplug().AddModel("main", options =>
{
    options.Path = args[0];
    options.Backend = "auto";
});
await using var provider = services.BuildServiceProvider();

var model = await provider.GetRequiredService<IModelHost>().GetAsync("main");
using var generator = new TextGenerator(model, model.Tokenizer.Encode(args[1], addSpecial: true), new GenerationOptions { MaxTokens = 128 });
Console.Write(args[1]);
while (generator.Next(out var text)) Console.Write(text);
Console.WriteLine();
return 0;
