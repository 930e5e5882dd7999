using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>Finds the reference of an operation; each stands in a file of its own.</summary>
public static class ReferenceOperations
{
    /// <summary>True if the kind of operation has a reference.</summary>
    public static bool Supports(Operation operation) => operation is GetRows or MatMul or RouteTopK or MatMulExperts or CombineExperts
        or RmsNorm or LayerNorm or Rope or KvAppend or Attention or AttentionBatch or KvShift or Add or Mul or Scale or SoftCap or Gated
        or Activate or Softmax or Pool or Normalize or Cast or View or ArgMax;

    internal static void Run(Operation operation, OperationContext context)
    {
        switch (operation)
        {
            case GetRows o: ReferenceGetRows.Run(o, context); break;
            case MatMul o: ReferenceMatMul.Run(o, context); break;
            case RouteTopK o: ReferenceRouteTopK.Run(o, context); break;
            case MatMulExperts o: ReferenceMatMulExperts.Run(o, context); break;
            case CombineExperts o: ReferenceCombineExperts.Run(o, context); break;
            case RmsNorm o: ReferenceRmsNorm.Run(o, context); break;
            case LayerNorm o: ReferenceLayerNorm.Run(o, context); break;
            case Rope o: ReferenceRope.Run(o, context); break;
            case KvAppend o: ReferenceKvAppend.Run(o, context); break;
            case Attention o: ReferenceAttention.Run(o, context); break;
            case AttentionBatch o: ReferenceAttentionBatch.Run(o, context); break;
            case KvShift o: ReferenceKvShift.Run(o, context); break;
            case Add o: ReferenceElementwise.Add(o, context); break;
            case Mul o: ReferenceElementwise.Mul(o, context); break;
            case Scale o: ReferenceElementwise.Scale(o, context); break;
            case SoftCap o: ReferenceElementwise.SoftCap(o, context); break;
            case Activate o: ReferenceElementwise.Activate(o, context); break;
            case Cast o: ReferenceElementwise.Cast(o, context); break;
            case Gated o: ReferenceGated.Run(o, context); break;
            case Softmax o: ReferenceSoftmax.Run(o, context); break;
            case Pool o: ReferencePool.Run(o, context); break;
            case Normalize o: ReferenceNormalize.Run(o, context); break;
            case View o: ReferenceView.Run(o, context); break;
            case ArgMax o: ReferenceArgMax.Run(o, context); break;
            default: throw new NotSupportedException($"{operation.GetType().Name} has no reference.");
        }
    }
}
