namespace Hotplug.Server.KoboldAI;

/// <summary>Which API is spoken, and what of it there is.</summary>
/// <param name="Result">The name under which clients know the API.</param>
/// <param name="Version">The version of its description.</param>
/// <param name="Server">Who answers.</param>
/// <param name="Protected">Whether a key is asked for.</param>
/// <param name="Embeddings">Whether a model makes embeddings.</param>
internal sealed record VersionInfo(string Result, string Version, string Server, bool Protected, bool Embeddings)
{
    public bool Llm => true;
    public bool Jinja => true;
    public bool Txt2img => false;
    public bool Vision => false;
    public bool Audio => false;
    public bool Transcribe => false;
    public bool Multiplayer => false;
    public bool Websearch => false;
    public bool Tts => false;
    public bool Savedata => false;
    public bool Guidance => false;
    public bool Mcp => false;
    public int Admin => 0;
}
