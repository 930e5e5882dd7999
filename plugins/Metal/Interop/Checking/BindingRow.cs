namespace Hotplug.Metal.Interop.Checking;

/// <summary>One message of the binding, as the live runtime has it.</summary>
/// <param name="Message">What was looked for.</param>
/// <param name="Finding">What was found.</param>
/// <param name="ClassName">The kind of object that was asked: the receiver, or what stands for it.</param>
/// <param name="Found">The encoding of the method, or empty.</param>
internal sealed record BindingRow(MessageInfo Message, BindingFinding Finding, string ClassName, string Found)
{
    /// <summary>Whether sending it could do harm.</summary>
    public bool IsFailure => Finding is BindingFinding.Missing or BindingFinding.Different;

    /// <inheritdoc/>
    public override string ToString() => Finding switch
    {
        BindingFinding.Different => $"{Message}: this system has '{Found}', the plugin calls '{Message.Encoding}'",
        BindingFinding.Missing => $"{Message}: this system has no such method",
        _ => $"{Message}: {Finding}",
    };
}
