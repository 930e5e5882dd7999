namespace Hotplug.Server.OpenAI.Models;

/// <summary>A model in a list.</summary>
internal sealed record ModelItem(string Id, long Created)
{
    public string Object => "model";

    public string OwnedBy => "hotplug";
}
