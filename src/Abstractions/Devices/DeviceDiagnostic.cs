namespace Hotplug.Abstractions.Devices;

/// <summary>One thing that a device found of the system below it. All text: it keeps nothing of the plugin alive.</summary>
/// <param name="Group">What it belongs to, a word or two: "limits", "interop".</param>
/// <param name="Subject">What was looked at: "largest buffer", "-[MTLBuffer length]".</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Text">What was found; empty where the outcome says all.</param>
public sealed record DeviceDiagnostic(string Group, string Subject, DiagnosticOutcome Outcome, string Text = "")
{
    /// <summary>All of it, as a line of text.</summary>
    public override string ToString() => $"{Group}: {Subject}: {Outcome}{(Text.Length == 0 ? "" : $", {Text}")}";
}
