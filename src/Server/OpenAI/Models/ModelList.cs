namespace Hotplug.Server.OpenAI.Models;

/// <summary>The models.</summary>
internal sealed record ModelList(IReadOnlyList<ModelItem> Data)
{
    public string Object => "list";
}
