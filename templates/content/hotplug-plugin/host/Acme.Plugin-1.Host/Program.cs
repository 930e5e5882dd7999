using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Microsoft.Extensions.DependencyInjection;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: Acme.Plugin-1.Host MODEL.gguf PROMPT");
    return 2;
}

var services = new ServiceCollection();
services.AddHotplug().AddModel("model", options =>
{
    options.Path = args[0];
    options.Backend = "plugin-id";
});
await using var provider = services.BuildServiceProvider();

var model = await provider.GetRequiredService<IModelHost>().GetAsync("model");
var options = new GenerationOptions { MaxTokens = 64, Sampler = new SamplerOptions { Temperature = 0 } };
using var generator = new TextGenerator(model, model.Tokenizer.Encode(args[1], addSpecial: true), options);
while (generator.Next(out var text)) Console.Write(text);
Console.WriteLine();
return 0;
