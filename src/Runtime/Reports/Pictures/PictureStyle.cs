namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>The colours of pictures, for light and for dark surroundings.</summary>
public static class PictureStyle
{
    /// <summary>Number of colours of devices.</summary>
    internal const int Colours = 6;

    /// <summary>The style sheet. Colours of devices are <c>--d0</c> and so on, and may be set anew by what surrounds the picture.</summary>
    public const string Css = """
        .hotplug-picture {
          --ink: #1f2530; --muted: #5a6372; --paper: #ffffff; --track: #edeff3; --lock: #1f2530;
          --d0: #4c6fb1; --d1: #2a8a7e; --d2: #b97f22; --d3: #b0516a; --d4: #7a60b0; --d5: #66883a;
          font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif; font-size: 12px;
        }
        @media (prefers-color-scheme: dark) {
          .hotplug-picture {
            --ink: #e6e9ef; --muted: #a0a9b8; --paper: #14171d; --track: #242a34; --lock: #e6e9ef;
            --d0: #7f9fde; --d1: #58bdb0; --d2: #e0b05e; --d3: #de8ba0; --d4: #a992dc; --d5: #9bbf6b;
          }
        }
        .hotplug-picture text { fill: var(--ink); }
        .hotplug-picture .heading { font-size: 16px; font-weight: 600; }
        .hotplug-picture .strong { font-weight: 600; }
        .hotplug-picture .muted { fill: var(--muted); }
        .hotplug-picture .address { fill: var(--muted); font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 11px; }
        .hotplug-picture .number { font-variant-numeric: tabular-nums; }
        .hotplug-picture .paper { fill: var(--paper); }
        .hotplug-picture .track { fill: var(--track); }
        .hotplug-picture .lock { fill: var(--lock); }
        .hotplug-picture .c0 { --c: var(--d0); } .hotplug-picture .c1 { --c: var(--d1); } .hotplug-picture .c2 { --c: var(--d2); }
        .hotplug-picture .c3 { --c: var(--d3); } .hotplug-picture .c4 { --c: var(--d4); } .hotplug-picture .c5 { --c: var(--d5); }
        .hotplug-picture .solid { fill: var(--c); }
        .hotplug-picture .half { fill: var(--c); fill-opacity: .62; }
        .hotplug-picture .faint { fill: var(--c); fill-opacity: .3; }
        .hotplug-picture .stripe { stroke: var(--c); stroke-width: 2.6; }
        .hotplug-picture .tensor:hover { fill-opacity: .75; }
        """;
}
