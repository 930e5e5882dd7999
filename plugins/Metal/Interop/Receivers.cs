namespace Hotplug.Metal.Interop;

/// <summary>Classes and protocols that declare the messages of <see cref="Message"/>.</summary>
internal static class Receivers
{
    public const string NSObject = "NSObject";
    public const string NSString = "NSString";
    public const string NSError = "NSError";
    public const string NSArray = "NSArray";
    public const string MTLDevice = "MTLDevice";
    public const string MTLCompileOptions = "MTLCompileOptions";
    public const string MTLLibrary = "MTLLibrary";
    public const string MTLComputePipelineState = "MTLComputePipelineState";
    public const string MTLCommandQueue = "MTLCommandQueue";
    public const string MTLCommandBuffer = "MTLCommandBuffer";
    public const string MTLCommandEncoder = "MTLCommandEncoder";
    public const string MTLComputeCommandEncoder = "MTLComputeCommandEncoder";
    public const string MTLBlitCommandEncoder = "MTLBlitCommandEncoder";
    public const string MTLBuffer = "MTLBuffer";
    public const string MTLResource = "MTLResource";
    public const string MTLSharedEvent = "MTLSharedEvent";
    public const string MTLResidencySetDescriptor = "MTLResidencySetDescriptor";
    public const string MTLResidencySet = "MTLResidencySet";
}
