using System.Diagnostics;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>llama.cpp's tokenizer, one process per text.</summary>
internal static class LlamaTokenizer
{
    /// <summary>The tokens of the text in a file, special ones parsed, none added.</summary>
    /// <param name="program">The program.</param>
    /// <param name="model">A vocabulary.</param>
    /// <param name="file">The text, UTF-8. It does not end with a line feed, which would be taken away.</param>
    public static int[] Encode(string program, string model, string file)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["-m", model, "-f", file, "--ids", "--no-bos", "--no-escape"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var ids = Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return process.ExitCode == 0 ? ids : throw new InvalidOperationException($"llama-tokenize ended with {process.ExitCode}:\n{string.Join('\n', errors.Result.Split('\n').TakeLast(8))}");
    }

    private static int[] Parse(string text)
    {
        var (start, end) = (text.LastIndexOf('['), text.LastIndexOf(']'));
        return start < 0 || end <= start + 1 ? [] : Array.ConvertAll(text[(start + 1)..end].Split(','), int.Parse);
    }
}
