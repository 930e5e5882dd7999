namespace Hotplug.Runtime.Memory.Receipts;

/// <summary>A tensor that did not get what the policy wished, and why.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Reason">Why.</param>
public sealed record TensorReceipt(string Tensor, long Bytes, string Reason);
