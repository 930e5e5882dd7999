using PuppeteerSharp;
using Xunit;

namespace Hotplug.ServerTests.Page;

/// <summary>One headless Chromium for the tests of the page, where the machine has one.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

    private IBrowser? _browser;

    /// <summary>The browser; skips the test where there is none.</summary>
    internal IBrowser Browser
    {
        get
        {
            Assert.SkipWhen(_browser is null, $"No Chromium was found: none of {string.Join(", ", Names)} is in the path, and HOTPLUG_CHROMIUM names none. On Debian: apt-get install chromium-headless-shell.");
            return _browser!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path) return;
        _browser = await Puppeteer.LaunchAsync(new()
        {
            ExecutablePath = path, Headless = true,
            // Whoever runs tests as root, as containers do, has no sandbox of Chromium's; nothing is shown to it but what this server sends.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("HOTPLUG_CHROMIUM") is { Length: > 0 } named) return File.Exists(named) ? named : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
