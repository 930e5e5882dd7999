using System.Globalization;
using System.Xml.Linq;
using CsCheck;
using Hotplug.Runtime.Reports;
using Hotplug.Runtime.Reports.Pictures;
using Xunit;

namespace Hotplug.ServerTests.Administration;

/// <summary>The picture of an address space, drawn of plans at random.</summary>
public sealed class PictureTests
{
    private static readonly string[] Fates = ["notAsked", "locked", "resident", "refused", "overLimit"];
    private static readonly string[] Backings = ["fileMapping", "committed", "device"];
    private static readonly string[] Devices = ["cpu", "gpu:cuda0", "far", "<b>\u0001&"];

    private static readonly Gen<PlanDocument> Plans =
        from parts in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Select(Gen.Long[0, 1 << 22], Gen.Int[0, 4]).List[0, 12]).List[1, 5]
        select Build(parts);

    [Fact]
    public void Every_tensor_takes_its_share_of_the_width_and_nothing_lies_outside()
        => Gen.Select(Plans, Gen.Int[0, 3000]).Sample((plan, width) =>
        {
            var svg = XDocument.Parse(AddressSpacePicture.Draw(plan, new() { Width = width })).Root!;
            var (drawn, height) = (Number(svg, "width"), Number(svg, "height"));
            Assert.InRange(drawn, PictureOptions.MinWidth, PictureOptions.MaxWidth);
            Assert.NotEmpty(Named(svg, "title").First().Value);
            Assert.Contains("addresses in", Named(svg, "desc").Single().Value, StringComparison.Ordinal);
            foreach (var rectangle in Named(svg, "rect").Where(r => r.Parent!.Name.LocalName != "pattern"))
            {
                Assert.InRange(Number(rectangle, "x"), 0, drawn);
                Assert.InRange(Number(rectangle, "x") + Number(rectangle, "width"), 0, drawn + 0.6);
                Assert.InRange(Number(rectangle, "y") + Number(rectangle, "height"), 0, height);
            }
            // Rows are as wide as the range is long: what tensors take of it, they take of the rows, less the seams between them.
            var rows = Named(svg, "rect").Where(r => (string?)r.Attribute("class") == "track" && Number(r, "height") == 16).Sum(r => Number(r, "width"));
            var pieces = Named(svg, "g").Where(g => ((string?)g.Attribute("class"))?.StartsWith("tensor", StringComparison.Ordinal) == true).SelectMany(g => Named(g, "rect")).ToList();
            var share = plan.Tensors.Sum(t => t.Size) / (double)Math.Max(1, plan.AddressBytes);
            if (plan.AddressBytes > 1 << 16) Assert.InRange(pieces.Sum(p => Number(p, "width")) / rows, share - (pieces.Count + 2) / rows, share + (pieces.Count + 2) / rows);
        }, iter: 300);

    [Fact]
    public void A_device_keeps_its_colour_wherever_it_stands()
    {
        static string ColourOf(PlanDocument plan, string device)
            => (string)Named(XDocument.Parse(AddressSpacePicture.Draw(plan)).Root!, "g").First(g => g.Elements().Any(e => e.Name.LocalName == "text" && e.Value.StartsWith($"Memory of {device}", StringComparison.Ordinal))).Attribute("class")!;
        List<(long, int)> tensors = [(1 << 20, 0)];
        Assert.Equal("c0", ColourOf(Build([(1, 2, tensors), (0, 0, tensors)]), "cpu"));
        Assert.Equal(ColourOf(Build([(1, 2, tensors)]), "gpu:cuda0"), ColourOf(Build([(0, 0, tensors), (1, 2, tensors)]), "gpu:cuda0"));
        Assert.NotEqual("c0", ColourOf(Build([(1, 2, tensors)]), "gpu:cuda0"));
    }

    private static PlanDocument Build(List<(int Device, int Backing, List<(long Bytes, int Fate)> Tensors)> wishes)
    {
        var (parts, tensors, offset) = (new List<PlanDocument.PlanPart>(), new List<PlanDocument.PlanTensor>(), 0L);
        foreach (var (device, backing, sizes) in wishes)
        {
            var at = 0L;
            foreach (var (bytes, fate) in sizes)
            {
                tensors.Add(new($"blk.{tensors.Count}.<w>\u0002", "Q8_0", [32, 1], bytes, bytes, Devices[device], parts.Count, at, "mapped", "", Fates[fate], "", "why & <how>", []));
                at += bytes;
            }
            var length = (at + 4095) / 4096 * 4096;
            parts.Add(new(parts.Count, Devices[device], "type", Backings[backing], offset, length, length / 2));
            offset += Math.Max(length, 4096);
        }
        return new()
        {
            Model = "/models/a & b.gguf", Architecture = "llama", Context = 512, Map = "auto", Lock = "off", AddressBytes = offset, Parts = parts, Tensors = tensors, Slices = [], Shapes = [], CopiesPerToken = [], Notes = [],
            Devices = [.. parts.Select(p => p.Device).Distinct().Select(d => new PlanDocument.PlanDevice(d, "Cpu", 10, 20, 30, 40, null))],
        };
    }

    private static IEnumerable<XElement> Named(XElement element, string name) => element.Descendants().Where(e => e.Name.LocalName == name);

    private static double Number(XElement element, string attribute) => double.Parse((string)element.Attribute(attribute)!, CultureInfo.InvariantCulture);
}
