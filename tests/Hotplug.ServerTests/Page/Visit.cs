using System.Collections.Concurrent;
using PuppeteerSharp;
using PuppeteerSharp.Media;
using Xunit;

namespace Hotplug.ServerTests.Page;

/// <summary>A page that is open in a browser of its own cookies and storage, with all that it complains of and asks for.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _home;
    private readonly ConcurrentQueue<string> _complaints = [], _asked = [];

    private Visit(IBrowserContext context, IPage page, string home)
    {
        (_context, Page, _home) = (context, page, home);
        page.DefaultTimeout = 60_000;
        page.Console += (_, e) =>
        {
            if (e.Message.Type is ConsoleType.Error or ConsoleType.Warning) _complaints.Enqueue(e.Message.Text);
        };
        page.PageError += (_, e) => _complaints.Enqueue(e.Message);
        page.Request += (_, e) => _asked.Enqueue(e.Request.Url);
    }

    public IPage Page { get; }

    /// <summary>Opens the page of a server.</summary>
    public static async Task<Visit> OpenAsync(Chromium chromium, StoryServer server, int width = 1280, int height = 860, Func<IPage, Task>? before = null)
    {
        var context = await chromium.Browser.CreateBrowserContextAsync();
        var page = await context.NewPageAsync();
        var visit = new Visit(context, page, server.Client.BaseAddress!.ToString());
        await page.SetViewportAsync(new() { Width = width, Height = height });
        if (before is not null) await before(page);
        await page.GoToAsync(visit._home);
        return visit;
    }

    /// <summary>Waits until an expression is true in the page.</summary>
    public Task UntilAsync(string expression) => Page.WaitForExpressionAsync(expression);

    public Task<T> AskAsync<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    /// <summary>Waits until the machine is shown.</summary>
    public Task ShownAsync() => UntilAsync("document.querySelector('#picture svg') && document.querySelector('#target option') && document.querySelector('#devices li')");

    /// <summary>Fills a field.</summary>
    public Task SetAsync(string id, string value) => Page.EvaluateFunctionAsync("(id, value) => { const e = document.getElementById(id); e.value = value; e.dispatchEvent(new Event('change')); }", id, value);

    /// <summary>The text of the last answer, without marks.</summary>
    public Task<string> AnswerAsync() => AskAsync<string>("[...[...document.querySelectorAll('.turn.assistant .text')].at(-1).childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('')");

    /// <summary>Takes a picture for the documentation, where HOTPLUG_PICTURES names a folder.</summary>
    public async Task PictureAsync(string name, bool dark = false)
    {
        if (Environment.GetEnvironmentVariable("HOTPLUG_PICTURES") is not { Length: > 0 } folder) return;
        if (dark) await Page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = "dark" }]);
        await Page.ScreenshotAsync(Path.Combine(folder, name));
        if (dark) await Page.EmulateMediaFeaturesAsync([]);
    }

    /// <summary>There were no complaints, and nothing was asked of anybody else.</summary>
    public void IsClean()
    {
        Assert.Empty(_complaints);
        Assert.NotEmpty(_asked);
        Assert.All(_asked, url => Assert.StartsWith(_home, url, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
