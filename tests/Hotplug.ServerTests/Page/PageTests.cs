using System.Text.Json.Nodes;
using PuppeteerSharp;
using PuppeteerSharp.Media;
using PuppeteerSharp.PageAccessibility;
using Xunit;

namespace Hotplug.ServerTests.Page;

/// <summary>The page in a real browser, used as a person uses it.</summary>
public sealed class PageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int Tokens = 440;
    private const string Question = "Once upon a time";

    [Fact]
    public async Task A_swap_in_the_middle_of_an_answer_is_marked_and_the_answer_is_the_same()
    {
        _ = chromium.Browser;
        await using var server = await StoryServer.StartAsync();
        var whole = (string)(await server.PostAsync("/v1/chat/completions", StoryServer.Chat(Tokens, Question))).Answer["choices"]![0]!["message"]!["content"]!;
        await using var visit = await Visit.OpenAsync(chromium, server);
        await visit.ShownAsync();
        var before = await visit.AskAsync<string>("document.getElementById('place').textContent");
        await visit.SetAsync("temperature", "0");
        await visit.SetAsync("length", $"{Tokens}");
        await visit.SetAsync("target", "swap:cpu");
        // The text may be written before the plugin is loaded: then once more.
        var marks = 0;
        for (var attempt = 0; attempt < 8 && marks == 0; attempt++)
        {
            await visit.Page.ClickAsync("#fresh");
            await visit.Page.TypeAsync("#message", Question);
            await visit.Page.Keyboard.PressAsync("Enter");
            await visit.UntilAsync("document.querySelector('.turn.assistant .text')?.textContent.length > 0");
            await visit.Page.ClickAsync("#go");
            await visit.UntilAsync("document.querySelector('.mark')?.nextSibling?.data.length > 60 || !document.querySelector('.writing')");
            await visit.PictureAsync("page-swap.png");
            await visit.UntilAsync("!document.querySelector('.writing') && !document.getElementById('go').disabled");
            marks = await visit.AskAsync<int>("document.querySelectorAll('.turn.assistant .mark').length");
            Assert.Equal(whole, await visit.AnswerAsync());
        }
        Assert.Equal(1, marks);
        Assert.Matches("^cpu, generation \\d+ → \\d+ · [\\d.]+ ms$", await visit.AskAsync<string>("document.querySelector('.mark').textContent"));
        // Something was written before it and after it.
        Assert.True(await visit.AskAsync<bool>("(m => m.previousSibling?.data.length > 0 && m.nextSibling?.data.length > 0)(document.querySelector('.mark'))"));
        Assert.Contains("texts under way: migrated", await visit.AskAsync<string>("document.getElementById('moved').textContent"), StringComparison.Ordinal);
        await visit.UntilAsync($"document.getElementById('place').textContent !== '{before}'");
        Assert.True(await visit.AskAsync<int>("document.querySelectorAll('#spark .swap').length") > 0);
        Assert.Contains("moved", await visit.AskAsync<string>("document.getElementById('events').textContent"), StringComparison.Ordinal);
        visit.IsClean();
    }

    [Fact]
    public async Task The_picture_follows_the_model_to_another_device_and_a_refusal_says_why()
    {
        _ = chromium.Browser;
        await using var server = await StoryServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server);
        await visit.ShownAsync();
        var before = await visit.AskAsync<string>("document.querySelector('#picture desc').textContent");
        Assert.StartsWith("5.", before, StringComparison.Ordinal);
        await visit.Page.ClickAsync("#look");
        await visit.UntilAsync("[...document.querySelectorAll('#target option')].some(o => o.value === 'place:far')");
        await visit.SetAsync("target", "place:far");
        await visit.SetAsync("layers", "2");
        await visit.Page.ClickAsync("#go");
        await visit.UntilAsync("document.querySelector('#picture desc')?.textContent.includes('far: ')");
        await visit.UntilAsync("[...document.querySelectorAll('#devices .used')].length === 2");
        Assert.Contains("on the device", await visit.AskAsync<string>("document.querySelector('#picture desc').textContent"), StringComparison.Ordinal);
        await visit.UntilAsync("!document.getElementById('go').disabled");
        await visit.SetAsync("length", "60");
        await visit.Page.TypeAsync("#message", "One day a dog found a key.");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.UntilAsync("document.querySelector('.turn.assistant .fine')");
        await visit.PictureAsync("page-light.png");
        await visit.PictureAsync("page-dark.png", dark: true);
        // What makes no sense is said there, too.
        await visit.SetAsync("layers", "-1");
        await visit.Page.EvaluateExpressionAsync("document.getElementById('move').noValidate = true");
        await visit.Page.ClickAsync("#go");
        await visit.UntilAsync("document.getElementById('moved').textContent.includes('cannot be offloaded')");
    }

    [Fact]
    public async Task Everything_is_reached_by_the_keyboard_and_has_a_name()
    {
        _ = chromium.Browser;
        await using var server = await StoryServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server);
        await visit.ShownAsync();
        await visit.Page.EvaluateExpressionAsync("document.activeElement.blur()");
        var reached = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            reached.Add(await visit.AskAsync<string>("document.activeElement.id || document.activeElement.className || document.activeElement.tagName"));
        }
        foreach (var control in (string[])["skip", "model", "fresh", "log", "message", "SUMMARY", "send", "target", "go", "look"]) Assert.Contains(control, reached);

        // Sent and stopped without a mouse.
        await visit.SetAsync("length", "440");
        await visit.Page.FocusAsync("#message");
        await visit.Page.Keyboard.TypeAsync(Question);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.UntilAsync("document.querySelector('.turn.assistant .text')?.textContent.length > 0");
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.UntilAsync("!document.querySelector('.writing')");
        await visit.UntilAsync("!document.getElementById('send').hidden && document.getElementById('stop').hidden");

        var nodes = new List<SerializedAXNode>();
        Collect(await visit.Page.Accessibility.SnapshotAsync(new() { InterestingOnly = true }), nodes);
        string[] controls = ["button", "textbox", "combobox", "spinbutton", "link", "log", "image", "img", "article", "DisclosureTriangle"];
        Assert.All(nodes.Where(n => controls.Contains(n.Role)), n => Assert.False(string.IsNullOrWhiteSpace(n.Name), $"a {n.Role} has no name"));
        Assert.Contains(nodes, n => n.Name == "Message");
        Assert.Contains(nodes, n => n.Name?.StartsWith("Address space of", StringComparison.Ordinal) == true);
        visit.IsClean();
    }

    [Fact]
    public async Task What_a_model_writes_is_text_and_never_markup()
    {
        _ = chromium.Browser;
        await using var server = await StoryServer.StartAsync();
        const string Markup = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>";
        await using var visit = await Visit.OpenAsync(chromium, server, before: async page =>
        {
            await page.SetRequestInterceptionAsync(true);
            page.Request += async (_, e) =>
            {
                if (!e.Request.Url.EndsWith("/v1/chat/completions", StringComparison.Ordinal))
                {
                    await e.Request.ContinueAsync();
                    return;
                }
                var document = new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["delta"] = new JsonObject { ["content"] = Markup, ["reasoning_content"] = Markup } }) };
                await e.Request.RespondAsync(new() { ContentType = "text/event-stream", Body = $"data: {document.ToJsonString()}\n\ndata: [DONE]\n\n" });
            };
        });
        await visit.Page.TypeAsync("#message", Markup);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.UntilAsync("document.querySelector('.turn.assistant .fine, .turn.assistant .text')?.textContent.length > 0 && !document.querySelector('.writing')");
        Assert.Equal(Markup, await visit.AnswerAsync());
        Assert.Equal(0, await visit.AskAsync<int>("document.querySelectorAll('#log img, #log script').length"));
        Assert.Equal("Hotplug", await visit.Page.GetTitleAsync());
    }

    [Fact]
    public async Task A_server_with_keys_asks_for_one_and_a_narrow_screen_shows_all()
    {
        _ = chromium.Browser;
        await using var server = await StoryServer.StartAsync(o => o.ApiKeys.Add("sesame"));
        await using var visit = await Visit.OpenAsync(chromium, server, 390, 800, page => page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersReducedMotion, Value = "reduce" }]));
        await visit.UntilAsync("document.getElementById('door').open");
        await visit.Page.TypeAsync("#key", "sesame");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.UntilAsync("document.getElementById('place').textContent.startsWith('cpu')");
        Assert.False(await visit.AskAsync<bool>("document.getElementById('machine').checkVisibility()"));
        await visit.Page.ClickAsync("#toggle");
        await visit.ShownAsync();
        Assert.True(await visit.AskAsync<bool>("document.getElementById('machine').checkVisibility() && document.getElementById('toggle').getAttribute('aria-expanded') === 'true'"));
        Assert.True(await visit.AskAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await visit.SetAsync("length", "70");
        await visit.Page.TypeAsync("#message", Question);
        await visit.Page.ClickAsync("#send");
        await visit.UntilAsync("document.querySelector('.turn.assistant .text')?.textContent.length > 0");
        await visit.UntilAsync("document.querySelector('.turn.assistant .fine')");
        await visit.PictureAsync("page-narrow.png");
        // As while it is written: nothing moves for those who wish it.
        Assert.Equal("none", await visit.AskAsync<string>("(t => { t.classList.add('writing'); return getComputedStyle(t.querySelector('.text'), '::after').animationName; })(document.querySelector('.turn.assistant'))"));
    }

    private static void Collect(SerializedAXNode node, List<SerializedAXNode> all)
    {
        all.Add(node);
        foreach (var child in node.Children ?? []) Collect(child, all);
    }
}
