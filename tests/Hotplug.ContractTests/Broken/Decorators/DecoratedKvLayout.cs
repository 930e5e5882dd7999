using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;

namespace Hotplug.ContractTests.Broken.Decorators;

internal sealed class DecoratedKvLayout(IKvLayout inner, IBufferType type, Flaw flaw) : IKvLayout
{
    public IKvLayout Inner => inner;

    public KvCacheSpec Spec => inner.Spec;

    public IBufferType BufferType => type;

    public nuint PageBytes => inner.PageBytes;

    public void Read(KvPageRef page, int layer, KvPart part, int firstCell, Span<byte> rows) => inner.Read(Unwrap(page), layer, part, firstCell, rows);

    public void Write(KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows) => flaw.KvWrite(inner, Unwrap(page), layer, part, firstCell, rows);

    public void Copy(KvPageRef source, KvPageRef destination) => flaw.KvCopy(inner, Unwrap(source), Unwrap(destination));

    private static KvPageRef Unwrap(KvPageRef page) => page with { Buffer = ((DecoratedBuffer)page.Buffer).Inner };
}
