using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Quantization;

/// <summary>
/// The type of each tensor of a mix: more bits for values and for the matrices behind hidden layers, in some blocks or in all, and another type where the rows are no
/// whole number of blocks. The rules are llama.cpp's without an importance matrix, so that a file of a name has the same types.
/// </summary>
internal sealed class MixedTypes
{
    private readonly QuantizationMix _mix;
    private readonly bool _hasOutput, _isFalcon, _is70B;
    private readonly int _experts, _sharing, _blocks, _valueTensors;
    private int _values, _downs;

    private MixedTypes(GgufFile file, QuantizationMix mix)
    {
        _mix = mix;
        var architecture = file.Metadata.GetString("general.architecture");
        _isFalcon = architecture == "falcon";
        _blocks = file.Metadata.GetInt32($"{architecture}.block_count", 0, 0, 1 << 16);
        _experts = file.Metadata.GetInt32($"{architecture}.expert_count", 0, 0, 1 << 16);
        var (heads, keys) = (Heads("head_count", 1), Heads("head_count_kv", 0));
        _sharing = keys > 0 ? heads / keys : heads > 0 && !file.Metadata.Contains($"{architecture}.attention.head_count_kv") ? 1 : 0;
        _is70B = architecture == "llama" && _blocks == 80 && _sharing > 1;
        _hasOutput = file.TryFindTensor("output.weight", out _);
        _valueTensors = file.Tensors.Count(tensor => QuantizableTensors.RoleOf(tensor.Spec.Name) == TensorRole.Values);

        int Heads(string key, int fallback)
            => _blocks == 0 ? fallback : file.Metadata.GetPerLayer($"{architecture}.attention.{key}", _blocks, fallback, 0, 1 << 16)[0];
    }

    /// <summary>The types of all tensors of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="mix">The mix.</param>
    /// <param name="isPure">True for one type wherever the rows allow it.</param>
    public static IReadOnlyDictionary<string, TensorType> Of(GgufFile file, QuantizationMix mix, bool isPure)
    {
        var types = new MixedTypes(file, mix);
        var result = new Dictionary<string, TensorType>(StringComparer.Ordinal);
        // Rules count the tensors of a role, block by block.
        foreach (var tensor in file.Tensors.OrderBy(t => QuantizableTensors.BlockOf(t.Spec.Name)).ThenBy(t => t.Spec.Name, StringComparer.Ordinal))
        {
            var spec = tensor.Spec;
            if (!QuantizableTensors.Includes(spec)) result[spec.Name] = spec.Type;
            else if (!mix.Type.IsQuantized()) result[spec.Name] = mix.Type;
            else result[spec.Name] = Fitting(isPure ? mix.Type : types.Choose(spec), spec.Shape.D0);
        }
        return result;
    }

    private TensorType Choose(in TensorSpec tensor)
    {
        var role = QuantizableTensors.RoleOf(tensor.Name);
        return role switch
        {
            TensorRole.Output => OfOutput(tensor.Shape.D0),
            TensorRole.Embedding when !_hasOutput => OfOutput(tensor.Shape.D0),
            TensorRole.Embedding => _mix.Type is TensorType.TQ1_0 or TensorType.TQ2_0 ? TensorType.Q4_K : _mix.Type,
            TensorRole.Values => OfValues(_values++),
            TensorRole.Keys => _experts == 8 ? TensorType.Q8_0 : _mix.Type,
            TensorRole.Down => OfDown(_experts > 1 ? QuantizableTensors.BlockOf(tensor.Name) : _downs++),
            TensorRole.AttentionOutput => OfAttentionOutput(),
            _ => _mix.Type,
        };
    }

    private TensorType OfOutput(long columns)
        => _isFalcon || columns % _mix.Type.BlockLength() != 0 || _mix.Type == TensorType.Q8_0 ? TensorType.Q8_0 : TensorType.Q6_K;

    private TensorType OfValues(int index)
    {
        var type = _mix.Name switch
        {
            "Q2_K" => _sharing >= 4 ? TensorType.Q4_K : TensorType.Q3_K,
            "Q3_K_M" => index < 2 ? TensorType.Q5_K : TensorType.Q4_K,
            "Q3_K_L" => TensorType.Q5_K,
            "Q4_K_M" or "Q5_K_M" when DeservesMore(index, _valueTensors) => TensorType.Q6_K,
            "Q4_K_S" when index < 4 => TensorType.Q5_K,
            _ => _mix.Type,
        };
        // There eight heads share the values, so that the tensor is small; with eight experts it is small beside them.
        if (_is70B && type is (TensorType.Q3_K or TensorType.Q4_K)) type = TensorType.Q5_K;
        return _experts == 8 ? TensorType.Q8_0 : type;
    }

    private TensorType OfDown(int block) => _mix.Name switch
    {
        "Q2_K" => TensorType.Q3_K,
        "Q3_K_M" => block < _blocks / 16 ? TensorType.Q5_K : !_isFalcon || DeservesMore(block, _blocks) ? TensorType.Q4_K : TensorType.Q3_K,
        "Q3_K_L" => _isFalcon ? TensorType.Q4_K : TensorType.Q5_K,
        "Q4_K_M" when _isFalcon => block < _blocks / 16 ? TensorType.Q6_K : DeservesMore(block, _blocks) ? TensorType.Q5_K : TensorType.Q4_K,
        "Q4_K_M" or "Q5_K_M" when DeservesMore(block, _blocks) => TensorType.Q6_K,
        "Q4_K_S" when !_isFalcon && block < _blocks / 8 => TensorType.Q5_K,
        _ => _mix.Type,
    };

    private TensorType OfAttentionOutput()
    {
        if (_isFalcon) return _mix.Name == "Q3_K_L" ? TensorType.Q4_K : _mix.Type;
        if (_experts == 8) return _mix.Name is "Q2_K" or "Q3_K_S" or "Q3_K_M" or "Q4_K_S" or "Q4_K_M" ? TensorType.Q5_K : _mix.Type;
        return _mix.Name switch
        {
            "Q2_K" => TensorType.Q3_K,
            "Q3_K_M" => TensorType.Q4_K,
            "Q3_K_L" => TensorType.Q5_K,
            _ => _mix.Type,
        };
    }

    // The first and last eighth, and every third block between.
    private static bool DeservesMore(int index, int count) => index < count / 8 || index >= 7 * count / 8 || (index - count / 8) % 3 == 2;

    // What takes the place of a type whose blocks the rows do not fill.
    private static TensorType Fitting(TensorType type, long columns)
    {
        if (columns % type.BlockLength() == 0) return type;
        var other = type switch
        {
            TensorType.Q4_K => TensorType.Q5_0,
            TensorType.Q5_K => TensorType.Q5_1,
            TensorType.Q6_K => TensorType.Q8_0,
            TensorType.Q2_K or TensorType.Q3_K or TensorType.TQ1_0 or TensorType.TQ2_0 => TensorType.Q4_0,
            _ => TensorType.F16,
        };
        return columns % other.BlockLength() == 0 ? other : TensorType.F16;
    }
}
