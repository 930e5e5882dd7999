namespace Hotplug.Inference.Gguf;

/// <summary>Tells a GGUF file from what people have instead of one.</summary>
internal static class GgufSignature
{
    /// <exception cref="GgufException">The first bytes are not those of a GGUF file.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.StartsWith("GGUF"u8)) return;
        if (bytes.IsEmpty)
            throw new GgufException(path, 0, "magic", "the file is empty or not a regular file", "Download the model again, or check the path");
        var (what, cure) = bytes switch
        {
            _ when "GGUF"u8.StartsWith(bytes) => ("the file ends within its first four bytes", GgufCursor.Cures.Damaged),
            _ when bytes.StartsWith("version https://git-lfs"u8) => ("this is a Git LFS pointer, not the model", "Fetch the model with `git lfs pull`"),
            _ when bytes.StartsWith("lmgg"u8) || bytes.StartsWith("fmgg"u8) || bytes.StartsWith("tjgg"u8)
                => ("this is a GGML file from before GGUF", "Convert the original model to GGUF"),
            _ when bytes.StartsWith("PK"u8) => ("this is a zip archive or a PyTorch model", "Unpack it, or convert the model to GGUF"),
            _ when bytes.StartsWith("<"u8) => ("this looks like a web page", "Download the file itself rather than the page that shows it"),
            _ => ($"the file starts with 0x{Convert.ToHexString(bytes[..Math.Min(4, bytes.Length)])} instead of GGUF",
                "Give a model in GGUF format, or convert it to GGUF"),
        };
        throw new GgufException(path, 0, "magic", what, cure);
    }
}
