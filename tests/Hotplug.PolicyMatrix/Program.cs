using System.Globalization;
using System.Text;
using Hotplug.PolicyMatrix;
using Hotplug.PolicyMatrix.Cells;
using Hotplug.PolicyMatrix.Privileges;
using Hotplug.Runtime.Plugins.Catalog;

// matrix LEVEL MODEL CACHE TOKENS: one line of JSON for each cell of the level, on stdout. Exit code 77: the level cannot be had here, stderr says why.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.OutputEncoding = new UTF8Encoding(false);
var (level, model, cache, tokens) = (args[0], args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
if (Limit.Take(level, cache) is { } reason)
{
    Console.Error.WriteLine(reason);
    return 77;
}
await using var catalog = new BackendCatalog(new() { ShadowCopyDirectory = cache, PluginEnvironment = null, Threads = 1 });
var runner = new CellRunner(catalog, model, "Once upon a time", tokens);
foreach (var cell in Cell.Of(level).Concat(Cell.TooSmall(level)))
{
    Console.Out.WriteLine(ResultJson.Write(await runner.RunAsync(cell)));
    Console.Out.Flush();
}
return 0;
