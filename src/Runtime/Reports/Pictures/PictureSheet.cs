using System.Globalization;
using Hotplug.Runtime.Memory;

namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>The picture from top to bottom: heading, the range of addresses, what lies in it, memory by device.</summary>
internal sealed class PictureSheet
{
    private const double Line = 18, Bar = 8;

    private readonly PlanDocument _plan;
    private readonly PictureOptions _options;
    private readonly PictureElement _svg;
    private readonly PictureColours _colours;
    private readonly IReadOnlyList<PictureGroup> _groups;
    private readonly PictureMap _map;
    private readonly double _width, _left, _right, _gutter;
    private readonly bool _isWide;
    private double _y;

    public PictureSheet(PlanDocument plan, PictureOptions options, PictureElement svg)
    {
        (_plan, _options, _svg, _colours, _groups) = (plan, options, svg, new(plan), PictureGroup.Of(plan));
        _width = Math.Clamp(options.Width, PictureOptions.MinWidth, PictureOptions.MaxWidth);
        _left = options.IsStandalone ? 24 : 0;
        _right = _width - _left;
        _isWide = _right - _left >= 560;
        _gutter = _isWide ? 68 : 0;
        _map = new(plan.AddressBytes, _left + _gutter, _right - _left - _gutter, _isWide ? 10 : 12);
    }

    private double Height => (_options.IsStandalone ? 72 : 2) + _map.Height + 10 + _groups.Count * GroupHeight + 8 + _plan.Devices.Count * DeviceHeight + (_options.IsStandalone ? 20 : 0);

    private double DeviceHeight => _isWide ? 44 : 58;

    private double GroupHeight => _isWide ? 22 : 38;

    public void Draw()
    {
        var (width, height) = (PictureElement.Number(_width), PictureElement.Number(Height));
        _svg.Begin("svg", ("class", "hotplug-picture"), ("viewBox", $"0 0 {width} {height}"), ("width", width), ("height", height), ("role", "img"), ("aria-labelledby", "hotplug-title hotplug-desc"));
        _svg.Text("title", $"Address space of {Name}", ("id", "hotplug-title"));
        _svg.Text("desc", AddressSpacePicture.Describe(_plan), ("id", "hotplug-desc"));
        if (_options.IsStandalone) _svg.Text("style", $"\n{PictureStyle.Css}\n");
        Stripes();
        if (_options.IsStandalone) Heading(); else _y = 2;
        Map();
        Groups();
        Devices();
        _svg.End();
    }

    private string Name => Path.GetFileName(_plan.Model);

    /// <summary>The filling of copies, in the colour of each device: references take the colour from where the pattern stands.</summary>
    private void Stripes()
    {
        _svg.Begin("defs");
        foreach (var device in _groups.Where(g => g.Backing == "committed").Select(g => g.Device).Distinct())
        {
            _svg.Begin("pattern", ("id", StripesOf(device)), ("class", _colours[device]), ("width", "5"), ("height", "5"), ("patternUnits", "userSpaceOnUse"), ("patternTransform", "rotate(45)"));
            _svg.Rectangle(0, 0, 5, 5, "faint");
            _svg.Begin("line", ("x1", "0"), ("y1", "0"), ("x2", "0"), ("y2", "5"), ("class", "stripe"));
            _svg.End();
            _svg.End();
        }
        _svg.End();
    }

    private string StripesOf(string device) => $"hotplug-copied-{_colours.NumberOf(device).ToString(CultureInfo.InvariantCulture)}";

    private void Heading()
    {
        _svg.Rectangle(0, 0, _width, Height, "paper", radius: 8);
        _svg.Label(_left, 34, Name, "heading");
        _svg.Label(_left, 54, Subtitle(), "muted");
        _y = 72;
    }

    private string Subtitle()
    {
        var parts = new List<string> { $"{ByteText.Format(_plan.AddressBytes)} of addresses in {PictureWords.Count(_plan.Parts.Count, "part")}" };
        if (_options.Receipt is { } receipt) parts.Add($"from {receipt.Range.Split(' ', '-', '+')[0]}");
        parts.Add($"map {_plan.Map}, lock {_plan.Lock}");
        if (_isWide) parts.Add($"{_plan.Architecture}, context {_plan.Context}");
        return string.Join(" · ", parts);
    }

    private void Map()
    {
        for (var row = 0; row < _map.Rows; row++)
        {
            var y = _y + row * PictureMap.Pitch;
            if (_gutter > 0) _svg.Label(_left + _gutter - 10, y + 12, $"+{row * _map.RowBytes:x}", "address", atEnd: true);
            _svg.Rectangle(_left + _gutter, y, _map.WidthOfRow(row), PictureMap.Cell, "track");
        }
        foreach (var run in PictureRun.Of(_plan, _map)) Draw(run);
        foreach (var (start, length, isLocked) in Locked())
            foreach (var (row, x, width) in _map.Pieces(start, length))
                _svg.Rectangle(x, _y + row * PictureMap.Pitch + PictureMap.Cell + 1.5, Math.Max(width, 0.5), 2.5, isLocked ? "lock" : "muted");
        _y += _map.Height + 10;
    }

    private void Draw(PictureRun run)
    {
        _svg.Begin("g", ("class", $"tensor {_colours[run.Part.Device]} {(run.Part.Backing == "committed" ? "" : "solid")}".TrimEnd()));
        if (run.Part.Backing == "committed") Fill(run.Part.Device);
        _svg.Text("title", run.Describe());
        foreach (var (row, x, width) in _map.Pieces(run.Start, run.Length))
        {
            // A seam, where there is room for one.
            var seam = width > 4 ? 1 : width > 2 ? 0.5 : 0;
            _svg.Begin("rect", ("x", PictureElement.Number(x)), ("y", PictureElement.Number(_y + row * PictureMap.Pitch)), ("width", PictureElement.Number(Math.Max(width - seam, 0.5))),
                ("height", PictureElement.Number(PictureMap.Cell)));
            _svg.End();
        }
        _svg.End();
    }

    private void Fill(string device) => _svg.Attribute("fill", $"url(#{StripesOf(device)})");

    /// <summary>Stretches of locked tensors, those that touch together.</summary>
    private IEnumerable<(long Start, long Length, bool IsLocked)> Locked()
    {
        var offsets = _plan.Parts.ToDictionary(p => p.Index, p => p.Offset);
        (long Start, long End, string Fate)? open = null;
        foreach (var tensor in _plan.Tensors.Where(t => t.Lock is "locked" or "resident").OrderBy(t => offsets[t.Part] + t.Offset))
        {
            var start = offsets[tensor.Part] + tensor.Offset;
            if (open is { } run && run.Fate == tensor.Lock && start - run.End < 4096) open = (run.Start, start + tensor.Size, run.Fate);
            else
            {
                if (open is { } done) yield return (done.Start, done.End - done.Start, done.Fate == "locked");
                open = (start, start + tensor.Size, tensor.Lock);
            }
        }
        if (open is { } last) yield return (last.Start, last.End - last.Start, last.Fate == "locked");
    }

    private void Groups()
    {
        var names = _groups.Select(g => $"{g.Device}".Length).Append(8).Max() * 7.2 + 36;
        foreach (var group in _groups)
        {
            _svg.Begin("rect", ("x", PictureElement.Number(_left)), ("y", PictureElement.Number(_y + 1)), ("width", "14"), ("height", "14"), ("rx", "2"),
                ("class", group.Backing == "committed" ? _colours[group.Device] : $"{_colours[group.Device]} solid"));
            if (group.Backing == "committed") Fill(group.Device);
            _svg.End();
            if (group.Locked > 0) _svg.Rectangle(_left, _y + 16.5, 14, 2.5, "lock");
            _svg.Label(_left + 24, _y + 12, group.Device, "strong");
            _svg.Label(_right, _y + 12, ByteText.Format(group.Bytes), "number", atEnd: true);
            if (_isWide) _svg.Label(_left + names, _y + 12, $"{group.BufferType}: {group.Details}", "muted");
            else _svg.Label(_left + 24, _y + 12 + Line - 2, group.Details, "muted");
            _y += GroupHeight;
        }
        _y += 8;
    }

    private void Devices()
    {
        var most = Math.Max(1, _plan.Devices.Select(d => d.WeightBytes + d.KvBytes + d.WorkspaceBytes + d.ExchangeBytes).DefaultIfEmpty(1).Max());
        foreach (var device in _plan.Devices)
        {
            var (kv, work) = (device.KvBytes, device.WorkspaceBytes + device.ExchangeBytes);
            var total = device.WeightBytes + kv + work;
            _svg.Begin("g", ("class", _colours[device.Name]));
            _svg.Label(_left, _y + 12, _isWide ? $"Memory of {device.Name}: weights {ByteText.Format(device.WeightBytes)}, KV cache {ByteText.Format(kv)}, workspace {ByteText.Format(work)}"
                : device.Name, _isWide ? "muted" : "strong");
            if (!_isWide) _svg.Label(_left, _y + 42, $"weights {ByteText.Format(device.WeightBytes)}, KV cache {ByteText.Format(kv)}, workspace {ByteText.Format(work)}", "muted");
            _svg.Label(_right, _y + 12, ByteText.Format(total), "number", atEnd: true);
            _svg.Rectangle(_left, _y + 20, _right - _left, Bar, "track", radius: 2);
            var x = _left;
            foreach (var (bytes, style, what) in ((long, string, string)[])[(device.WeightBytes, "solid", "weights"), (kv, "half", "KV cache"), (work, "faint", "workspace")])
            {
                var width = bytes / (double)most * (_right - _left);
                if (bytes > 0) _svg.Rectangle(x, _y + 20, Math.Max(width - 1, 0.5), Bar, style, $"{device.Name}: {what}, {ByteText.Format(bytes)}", 1);
                x += width;
            }
            _svg.End();
            _y += DeviceHeight;
        }
    }
}
