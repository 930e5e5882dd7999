using System.Text;
using System.Xml;
using Hotplug.Runtime.Memory;

namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>
/// Draws how the weights of a model lie in their one range of addresses: which tensors on which device and in which buffer, what is mapped, what is a copy, and what is locked. The range runs in
/// rows from left to right, as a text does. An SVG with a title and a description, in colours for light and dark surroundings.
/// </summary>
public static class AddressSpacePicture
{
    /// <summary>Draws a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static string Draw(PlanDocument plan, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new() { OmitXmlDeclaration = true, Indent = false }))
            new PictureSheet(plan, options ?? new(), new(xml)).Draw();
        return text.ToString();
    }

    /// <summary>What the picture shows, in words.</summary>
    public static string Describe(PlanDocument plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = new StringBuilder($"{ByteText.Format(plan.AddressBytes)} of addresses in {PictureWords.Count(plan.Parts.Count, "part")}.");
        foreach (var group in PictureGroup.Of(plan)) text.Append($" {group.Device}: {ByteText.Format(group.Bytes)} in {group.BufferType}, {group.Details}.");
        return text.ToString();
    }
}
