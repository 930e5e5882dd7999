using System.Text.Json;
using Hotplug.Inference.Grammars.Json;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Hotplug.Server.OpenAI;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.KoboldAI;

/// <summary>Texts, tokens and grammars: <c>/api/extra/tokencount</c>, <c>/api/extra/detokenize</c> and <c>/api/extra/json_to_grammar</c>.</summary>
internal sealed class VocabularyEndpoint(ModelDirectory directory)
{
    public async Task CountAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, KoboldJson.Default.CountRequest).ConfigureAwait(false);
        var served = await directory.TextAsync(null, context.RequestAborted).ConfigureAwait(false);
        var tokens = served.Model.Tokenizer.Encode(request.Prompt ?? "", addSpecial: request.Special is not false);
        await context.Response.WriteAsJsonAsync(new TokenCount(tokens.Length, tokens), KoboldJson.Default.TokenCount, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    public async Task DecodeAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, KoboldJson.Default.DetokenizeRequest).ConfigureAwait(false);
        var tokenizer = (await directory.TextAsync(null, context.RequestAborted).ConfigureAwait(false)).Model.Tokenizer;
        if (request.Ids.ValueKind != JsonValueKind.Array) throw ApiException.Invalid("ids is no list of tokens.", "ids");
        var text = tokenizer.Decode(TokenList.Read(request.Ids, tokenizer, "ids"), special: true);
        await context.Response.WriteAsJsonAsync(new TextResult(text, true), KoboldJson.Default.TextResult, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    public async Task GrammarAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, KoboldJson.Default.SchemaRequest).ConfigureAwait(false);
        if (request.Schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True)) throw ApiException.Invalid("schema is no JSON schema.", "schema");
        var grammar = JsonSchemaGrammar.Convert(request.Schema.GetRawText());
        await context.Response.WriteAsJsonAsync(new TextResult(grammar, true), KoboldJson.Default.TextResult, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }
}
