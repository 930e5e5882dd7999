namespace Hotplug.Metal.Fake;

/// <summary>Failures to come: what a Mac does when it is out of memory, or the device is gone. They are no violations.</summary>
public sealed class FakeFaults
{
    private readonly Lock _lock = new();
    private readonly List<FakeFault> _faults = [];

    /// <summary>Whether every command buffer fails from now on, as after a graphics processor was pulled out.</summary>
    public bool DeviceLost { get; set; }

    /// <summary>
    /// Lets a message that makes something give nil: <c>newBufferWithLength:options:</c>, <c>newLibraryWithSource:options:error:</c>, <c>commandBuffer</c> ….
    /// The C function <c>MTLCopyAllDevices</c> counts as one.
    /// </summary>
    /// <param name="selector">The message.</param>
    /// <param name="skip">How many are to succeed before.</param>
    /// <param name="count">How many are to fail.</param>
    /// <param name="code">Code of the NSError, where the message has one.</param>
    /// <param name="text">Its description.</param>
    public void Nil(string selector, int skip = 0, int count = 1, long code = 1, string text = "injected failure") =>
        Add(new(selector, skip, count, code, text));

    /// <summary>Lets a command buffer end with an error instead of being executed.</summary>
    /// <param name="code">Value of MTLCommandBufferError; 8 is out of memory, 11 device removed.</param>
    /// <param name="skip">How many are to succeed before.</param>
    /// <param name="count">How many are to fail.</param>
    public void CommandBuffer(long code, int skip = 0, int count = 1) => Add(new("", skip, count, code, $"injected command buffer error {code}"));

    /// <summary>Lets a command buffer hang: it is committed and never runs, and those behind it wait for it, until <see cref="FakeMetal.Resume"/>.</summary>
    /// <param name="skip">How many are to succeed before.</param>
    public void Hang(int skip = 0) => Add(new(HangKey, skip, 1, 0, ""));

    /// <summary>Told of the time that a wait for an event took in vain: the clock of a test goes on by it, and no time passes.</summary>
    public Action<TimeSpan>? Waited { get; set; }

    internal const string HangKey = "hang";

    internal bool TryTake(string selector, out long code, out string text)
    {
        lock (_lock)
        {
            foreach (var fault in _faults)
            {
                if (fault.Selector != selector) continue;
                if (fault.Skip > 0)
                {
                    fault.Skip--;
                    continue;
                }
                if (--fault.Count == 0) _faults.Remove(fault);
                (code, text) = (fault.Code, fault.Text);
                return true;
            }
        }
        (code, text) = (0, "");
        return false;
    }

    private void Add(FakeFault fault)
    {
        lock (_lock) _faults.Add(fault);
    }

    private sealed class FakeFault(string selector, int skip, int count, long code, string text)
    {
        public string Selector { get; } = selector;
        public int Skip { get; set; } = skip;
        public int Count { get; set; } = count;
        public long Code { get; } = code;
        public string Text { get; } = text;
    }
}
