using Hotplug.Inference.Models;
using Hotplug.Server.Http;

namespace Hotplug.Server.KoboldAI;

/// <summary>Puts memory and prompt together, and cuts the beginning of the prompt off where both are too long; the memory stays whole.</summary>
internal static class PromptFitting
{
    /// <summary>The tokens to go on from, with room for the text.</summary>
    /// <exception cref="ApiException">There is no room, or nothing to go on from.</exception>
    public static int[] Fit(GenerateRequest request, LanguageModel model)
    {
        var tokenizer = model.Tokenizer;
        int[] memory = string.IsNullOrEmpty(request.Memory) ? [] : tokenizer.Encode(request.Memory, addSpecial: true);
        var prompt = tokenizer.Encode(request.Prompt ?? "", addSpecial: memory.Length == 0);
        // The token that begins a text is no part of it that could be cut off.
        if (memory.Length == 0 && tokenizer.AddsBeginningOfSequence && prompt is [var first, .. var rest] && first == tokenizer.BeginningOfSequence) (memory, prompt) = ([first], rest);
        var context = Math.Min(request.MaxContextLength ?? int.MaxValue, model.Context);
        var room = context - GenerateOptions.Length(request);
        if (room < 1 || room < memory.Length) throw ApiException.Invalid($"A text of {GenerateOptions.Length(request)} tokens does not fit a context of {context} behind {memory.Length} tokens of memory. Ask for fewer tokens, or leave memory out.", "max_length");
        int[] all = [.. memory, .. prompt.AsSpan(Math.Max(0, memory.Length + prompt.Length - room))];
        return all.Length > 0 ? all : throw ApiException.Invalid("prompt is empty, and this model has no token that begins a text.", "prompt");
    }
}
