using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Fake.Runtime;

/// <content>One function per shape of call. The types beside each are compared with those of the method that is called.</content>
internal sealed unsafe partial class FakeTable
{
    private SendTable Shapes() => new()
    {
        Void = (delegate* unmanaged<nint, nint, void>)At<VoidShape>((o, s) => Sent(o, s, "v", (t, n) => t.Void(n))),
        Id = (delegate* unmanaged<nint, nint, nint>)At<IdShape>((o, s) => Made(o, s, "@", (t, n) => t.Id(n))),
        UInt64 = (delegate* unmanaged<nint, nint, ulong>)At<UInt64Shape>((o, s) => Sent(o, s, "Q", (t, n) => t.UInt64(n))),
        Int64 = (delegate* unmanaged<nint, nint, long>)At<Int64Shape>((o, s) => Sent(o, s, "q", (t, n) => t.Int64(n))),
        Double = (delegate* unmanaged<nint, nint, double>)At<DoubleShape>((o, s) => Sent(o, s, "d", (t, n) => t.Double(n))),
        Bool = (delegate* unmanaged<nint, nint, ObjCBool>)At<BoolShape>((o, s) => Bool(Sent(o, s, "B", (t, n) => t.Bool(n)))),
        Pointer = (delegate* unmanaged<nint, nint, void*>)At<IdShape>((o, s) => Sent(o, s, "^v", (t, n) => t.Pointer(n))),
        Text = (delegate* unmanaged<nint, nint, byte*>)At<IdShape>((o, s) => Sent(o, s, "*", (t, n) => t.Text(n))),
        IdText = (delegate* unmanaged<nint, nint, byte*, nint>)At<IdIdShape>((o, s, a) => Made(o, s, "@*", (t, n) => t.IdText(n, a))),
        IdUInt64 = (delegate* unmanaged<nint, nint, ulong, nint>)At<IdUInt64Shape>((o, s, a) => Made(o, s, "@Q", (t, n) => t.IdUInt64(n, a))),
        IdId = (delegate* unmanaged<nint, nint, nint, nint>)At<IdIdShape>((o, s, a) => Made(o, s, "@@", (t, n) => t.IdId(n, a))),
        IdUInt64UInt64 = (delegate* unmanaged<nint, nint, ulong, ulong, nint>)At<IdUInt64UInt64Shape>(
            (o, s, a, b) => Made(o, s, "@QQ", (t, n) => t.IdUInt64UInt64(n, a, b))),
        IdPointerUInt64UInt64Block = (delegate* unmanaged<nint, nint, void*, ulong, ulong, NoBlock, nint>)At<IdPointerUInt64UInt64BlockShape>(
            (o, s, a, b, c, d) => Made(o, s, "@^vQQ@?", (t, n) => t.IdPointerUInt64UInt64Block(n, a, b, c, d))),
        IdIdError = (delegate* unmanaged<nint, nint, nint, nint*, nint>)At<IdIdErrorShape>(
            (o, s, a, e) => Made(o, s, "@@^@", e, (t, n) => t.IdIdError(n, a))),
        IdIdIdError = (delegate* unmanaged<nint, nint, nint, nint, nint*, nint>)At<IdIdIdErrorShape>(
            (o, s, a, b, e) => Made(o, s, "@@@^@", e, (t, n) => t.IdIdIdError(n, a, b))),
        BoolInt64 = (delegate* unmanaged<nint, nint, long, ObjCBool>)At<BoolInt64Shape>((o, s, a) => Bool(Sent(o, s, "Bq", (t, n) => t.BoolInt64(n, a)))),
        BoolSelector = (delegate* unmanaged<nint, nint, Selector, ObjCBool>)At<BoolSelectorShape>(
            (o, s, a) => Bool(Sent(o, s, "B:", (t, n) => t.BoolSelector(n, a)))),
        BoolUInt64UInt64 = (delegate* unmanaged<nint, nint, ulong, ulong, ObjCBool>)At<BoolUInt64UInt64Shape>(
            (o, s, a, b) => Bool(Sent(o, s, "BQQ", (t, n) => t.BoolUInt64UInt64(n, a, b)))),
        VoidIdUInt64 = (delegate* unmanaged<nint, nint, nint, ulong, void>)At<VoidIdUInt64Shape>(
            (o, s, a, b) => Sent(o, s, "v@Q", (t, n) => t.VoidIdUInt64(n, a, b))),
        VoidId = (delegate* unmanaged<nint, nint, nint, void>)At<VoidIdShape>((o, s, a) => Sent(o, s, "v@", (t, n) => t.VoidId(n, a))),
        VoidUInt64 = (delegate* unmanaged<nint, nint, ulong, void>)At<VoidUInt64Shape>((o, s, a) => Sent(o, s, "vQ", (t, n) => t.VoidUInt64(n, a))),
        VoidInt64 = (delegate* unmanaged<nint, nint, long, void>)At<VoidInt64Shape>((o, s, a) => Sent(o, s, "vq", (t, n) => t.VoidInt64(n, a))),
        VoidBool = (delegate* unmanaged<nint, nint, ObjCBool, void>)At<VoidBoolShape>(
            (o, s, a) => Sent(o, s, "vB", (t, n) => t.VoidBool(n, a != ObjCBool.No))),
        VoidUInt64UInt64 = (delegate* unmanaged<nint, nint, ulong, ulong, void>)At<VoidUInt64UInt64Shape>(
            (o, s, a, b) => Sent(o, s, "vQQ", (t, n) => t.VoidUInt64UInt64(n, a, b))),
        VoidIdUInt64UInt64 = (delegate* unmanaged<nint, nint, nint, ulong, ulong, void>)At<VoidIdUInt64UInt64Shape>(
            (o, s, a, b, c) => Sent(o, s, "v@QQ", (t, n) => t.VoidIdUInt64UInt64(n, a, b, c))),
        VoidPointerUInt64UInt64 = (delegate* unmanaged<nint, nint, void*, ulong, ulong, void>)At<VoidIdUInt64UInt64Shape>(
            (o, s, a, b, c) => Sent(o, s, "v^vQQ", (t, n) => t.VoidPointerUInt64UInt64(n, a, b, c))),
        VoidIdsUInt64 = (delegate* unmanaged<nint, nint, nint*, ulong, void>)At<VoidIdUInt64Shape>(
            (o, s, a, b) => Sent(o, s, "v^@Q", (t, n) => t.VoidIdsUInt64(n, new ReadOnlySpan<nint>((void*)a, checked((int)b))))),
        VoidSizeSize = (delegate* unmanaged<nint, nint, MTLSize, MTLSize, void>)At<VoidSizeSizeShape>(
            (o, s, a, b) => Sent(o, s, "v{QQQ}{QQQ}", (t, n) => t.VoidSizeSize(n, a, b))),
        VoidIdUInt64IdUInt64UInt64 = (delegate* unmanaged<nint, nint, nint, ulong, nint, ulong, ulong, void>)At<VoidIdUInt64IdUInt64UInt64Shape>(
            (o, s, a, b, c, d, e) => Sent(o, s, "v@Q@QQ", (t, n) => t.VoidIdUInt64IdUInt64UInt64(n, a, b, c, d, e))),
        VoidIdRangeByte = (delegate* unmanaged<nint, nint, nint, NSRange, byte, void>)At<VoidIdRangeByteShape>(
            (o, s, a, b, c) => Sent(o, s, "v@{QQ}C", (t, n) => t.VoidIdRangeByte(n, a, b, c))),
    };

    private static ObjCBool Bool(bool value) => value ? ObjCBool.Yes : ObjCBool.No;

    private delegate void VoidShape(nint self, nint selector);

    private delegate nint IdShape(nint self, nint selector);

    private delegate ulong UInt64Shape(nint self, nint selector);

    private delegate long Int64Shape(nint self, nint selector);

    private delegate double DoubleShape(nint self, nint selector);

    private delegate ObjCBool BoolShape(nint self, nint selector);

    private delegate nint IdIdShape(nint self, nint selector, nint a);

    private delegate nint IdUInt64Shape(nint self, nint selector, ulong a);

    private delegate nint IdUInt64UInt64Shape(nint self, nint selector, ulong a, ulong b);

    private delegate nint IdPointerUInt64UInt64BlockShape(nint self, nint selector, nint a, ulong b, ulong c, NoBlock d);

    private delegate nint IdIdErrorShape(nint self, nint selector, nint a, nint error);

    private delegate nint IdIdIdErrorShape(nint self, nint selector, nint a, nint b, nint error);

    private delegate ObjCBool BoolInt64Shape(nint self, nint selector, long a);

    private delegate ObjCBool BoolSelectorShape(nint self, nint selector, Selector a);

    private delegate ObjCBool BoolUInt64UInt64Shape(nint self, nint selector, ulong a, ulong b);

    private delegate void VoidIdShape(nint self, nint selector, nint a);

    private delegate void VoidUInt64Shape(nint self, nint selector, ulong a);

    private delegate void VoidInt64Shape(nint self, nint selector, long a);

    private delegate void VoidBoolShape(nint self, nint selector, ObjCBool a);

    private delegate void VoidUInt64UInt64Shape(nint self, nint selector, ulong a, ulong b);

    private delegate void VoidIdUInt64Shape(nint self, nint selector, nint a, ulong b);

    private delegate void VoidIdUInt64UInt64Shape(nint self, nint selector, nint a, ulong b, ulong c);

    private delegate void VoidSizeSizeShape(nint self, nint selector, MTLSize a, MTLSize b);

    private delegate void VoidIdUInt64IdUInt64UInt64Shape(nint self, nint selector, nint a, ulong b, nint c, ulong d, ulong e);

    private delegate void VoidIdRangeByteShape(nint self, nint selector, nint a, NSRange b, byte c);
}
