using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Hotplug.Metal.Interop;

/// <summary>The Objective-C runtime: classes, selectors, strings and pools.</summary>
/// <remarks>
/// Safe for any thread. It must outlive every object made through it; <see cref="Ledger"/> says whether one is left. A message to nil gives zero and
/// is never sent on purpose.
/// </remarks>
internal sealed unsafe class ObjectiveC : IDisposable
{
    private readonly Selector[] _selectors;
    private readonly IDisposable? _owner;

    /// <summary>Registers the selectors of all messages.</summary>
    /// <param name="table">What to call.</param>
    /// <param name="owner">Disposed together with this: the libraries that <paramref name="table"/> points into.</param>
    public ObjectiveC(ObjectiveCTable table, IDisposable? owner = null)
    {
        Table = table;
        _owner = owner;
        Messages = MessageInfo.ReadAll();
        _selectors = [.. Messages.Select(m => Register(m.Selector))];
    }

    /// <summary>What is called.</summary>
    public ObjectiveCTable Table { get; }

    /// <summary>How messages are sent.</summary>
    public ref readonly SendTable Send => ref Table.Send;

    /// <summary>Every message with its selector and encoding, by value.</summary>
    public IReadOnlyList<MessageInfo> Messages { get; }

    /// <summary>Counts the objects that this binding owns.</summary>
    public ObjectLedger Ledger { get; } = new();

    /// <summary>Bytes of a page.</summary>
    public int PageSize => Table.PageSize;

    /// <summary>The selector of a message.</summary>
    public nint this[Message message] => _selectors[(int)message].Address;

    /// <summary>Opens an autorelease pool; to be disposed on the same thread.</summary>
    public AutoreleasePool Pool() => new(Table);

    /// <summary>The class of a name, or zero where the system has none.</summary>
    public nint FindClass(string name)
    {
        var bytes = Utf8StringMarshaller.ConvertToUnmanaged(name);
        try
        {
            return Table.GetClass(bytes);
        }
        finally
        {
            Utf8StringMarshaller.Free(bytes);
        }
    }

    /// <summary>Whether an object answers a message.</summary>
    public bool Responds(nint target, Message message) =>
        Send.BoolSelector(target, this[Message.RespondsToSelector], _selectors[(int)message]) != ObjCBool.No;

    /// <summary>An NSString of the text, released by the current pool.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL, at which Objective-C would cut it.</exception>
    /// <exception cref="MetalException">There is no string.</exception>
    public nint String(string text)
    {
        if (text.Contains('\0')) throw new ArgumentException($"The text has a NUL at {text.IndexOf('\0')}, which would end it there.", nameof(text));
        var bytes = Utf8StringMarshaller.ConvertToUnmanaged(text);
        try
        {
            var made = Send.IdText(FindClass(Receivers.NSString), this[Message.StringWithUtf8], bytes);
            return made != 0 ? made : throw new MetalException("Foundation made no string of a text; the process is out of memory.");
        }
        finally
        {
            Utf8StringMarshaller.Free(bytes);
        }
    }

    /// <summary>The characters of an NSString; empty for nil.</summary>
    public string Text(nint text) => text == 0 ? "" : Marshal.PtrToStringUTF8((nint)Send.Text(text, this[Message.StringUtf8])) ?? "";

    /// <summary>Code and description of an NSError; null for nil.</summary>
    public MetalError? Error(nint error) =>
        error == 0 ? null : new(Send.Int64(error, this[Message.ErrorCode]), Text(Send.Id(error, this[Message.ErrorDescription])));

    /// <summary>Takes a reference of an object.</summary>
    public nint Retain(nint target) => Send.Id(target, this[Message.Retain]);

    /// <summary>Gives a reference back, with a pool around what the object lets go of in turn.</summary>
    public void Release(nint target)
    {
        using var pool = Pool();
        Send.Void(target, this[Message.Release]);
    }

    /// <summary>Gives the libraries back.</summary>
    public void Dispose() => _owner?.Dispose();

    private Selector Register(string name)
    {
        var bytes = Utf8StringMarshaller.ConvertToUnmanaged(name);
        try
        {
            return new(Table.RegisterSelector(bytes));
        }
        finally
        {
            Utf8StringMarshaller.Free(bytes);
        }
    }
}
