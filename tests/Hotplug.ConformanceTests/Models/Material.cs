namespace Hotplug.ConformanceTests.Models;

/// <summary>The committed test data beside the tests.</summary>
internal static class Material
{
    public static string Path(params string[] path) => System.IO.Path.Combine([AppContext.BaseDirectory, "Data", .. path]);
}
