using System.Globalization;
using System.Text;
using System.Xml;

namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>Writes the few elements that pictures are made of. Names come from files: what XML does not allow in them is replaced.</summary>
internal sealed class PictureElement(XmlWriter xml)
{
    private const string Namespace = "http://www.w3.org/2000/svg";

    public void Begin(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name, Namespace);
        foreach (var (attribute, value) in attributes) xml.WriteAttributeString(attribute, Allowed(value));
    }

    public void Attribute(string name, string value) => xml.WriteAttributeString(name, Allowed(value));

    public void End() => xml.WriteEndElement();

    public void Text(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Begin(name, attributes);
        xml.WriteString(Allowed(text));
        End();
    }

    public void Rectangle(double x, double y, double width, double height, string style, string? title = null, double radius = 0)
    {
        Begin("rect", ("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)), ("class", style));
        if (radius > 0) xml.WriteAttributeString("rx", Number(radius));
        if (title is not null) Text("title", title);
        End();
    }

    public void Label(double x, double y, string text, string style, bool atEnd = false)
    {
        if (atEnd) Text("text", text, ("x", Number(x)), ("y", Number(y)), ("class", style), ("text-anchor", "end"));
        else Text("text", text, ("x", Number(x)), ("y", Number(y)), ("class", style));
    }

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Allowed(string text)
    {
        if (text.All(XmlConvert.IsXmlChar)) return text;
        var allowed = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (XmlConvert.IsXmlChar(text[i])) allowed.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) allowed.Append(text[i]).Append(text[++i]);
            else allowed.Append('\uFFFD');
        return allowed.ToString();
    }
}
