using System.Reflection;

namespace Hotplug.Metal.Interop;

/// <summary>A message with what its attribute says.</summary>
internal sealed record MessageInfo(Message Message, string Receiver, string Selector, string Encoding, bool ToClass, bool Optional)
{
    /// <summary>All messages, by rising value; the values are 0, 1, 2 ….</summary>
    public static MessageInfo[] ReadAll() => [.. Enum.GetValues<Message>().Select(Read)];

    /// <summary>As written in Objective-C: <c>-[MTLBuffer length]</c>.</summary>
    public override string ToString() => $"{(ToClass ? '+' : '-')}[{Receiver} {Selector}]";

    private static MessageInfo Read(Message message)
    {
        var said = typeof(Message).GetField(message.ToString())!.GetCustomAttribute<MessageAttribute>()
            ?? throw new InvalidOperationException($"{message} has no {nameof(MessageAttribute)}.");
        return new(message, said.Receiver, said.Selector, said.Encoding, said.ToClass, said.Optional);
    }
}
