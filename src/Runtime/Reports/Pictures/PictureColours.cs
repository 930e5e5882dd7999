namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>Gives every device a colour that it keeps from picture to picture, so that a change of place is seen: the CPU always has the first, others one that follows from their name.</summary>
internal sealed class PictureColours
{
    private readonly Dictionary<string, int> _colours = [];

    public PictureColours(PlanDocument plan)
    {
        foreach (var device in plan.Devices.Select(d => d.Name).Concat(plan.Parts.Select(p => p.Device)).Distinct()) _colours[device] = Choose(device);
    }

    public string this[string device] => $"c{_colours[device]}";

    public int NumberOf(string device) => _colours[device];

    private int Choose(string device)
    {
        if (device == "cpu") return 0;
        var hash = 2166136261u;
        foreach (var letter in device) hash = (hash ^ letter) * 16777619u;
        const int Others = PictureStyle.Colours - 1;
        for (var i = 0u; i < Others; i++)
            if ((int)(((hash >> 8) + i) % Others) + 1 is var colour && !_colours.ContainsValue(colour)) return colour;
        return (int)((hash >> 8) % Others) + 1;
    }
}
