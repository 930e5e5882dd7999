namespace Hotplug.PolicyMatrix.Cells;

/// <summary>What the model is asked.</summary>
internal static class Prompts
{
    /// <summary>In every cell the beginning of all tales; once per placement also a prompt at which the model never hesitates, so that all placements have to agree throughout.</summary>
    public static IEnumerable<(string Prompt, int Tokens)> Of(Cell cell)
    {
        // Emulators are slow.
        yield return ("Once upon a time", cell.Placement is "emulation" or "three" || cell.Mac.Length != 0 ? 2 : 32);
        if (cell is { Map: "auto", Lock: "off", Largest: "natural" }) yield return ("\"Who are you?\" asked the little bird.\n", 48);
    }
}
