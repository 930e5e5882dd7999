namespace Hotplug.Inference.Gguf;

/// <summary>
/// Turns offsets in the data section into places in the file. Any layout is accepted whose tensors are aligned, do not overlap
/// and end inside the file; they need be neither contiguous nor in the order of their records.
/// </summary>
internal static class GgufLayout
{
    public static GgufTensor[] Place(TensorRecord[] records, int headerEnd, int alignment, long fileLength, string path, int file)
    {
        var dataStart = headerEnd + (long)(alignment - 1) & -(long)alignment;
        var available = Math.Max(fileLength - dataStart, 0);
        var tensors = new GgufTensor[records.Length];
        var starts = new long[records.Length];
        for (var i = 0; i < records.Length; i++)
        {
            ref readonly var record = ref records[i];
            var length = record.Spec.ByteLength;
            if (record.DataOffset % alignment != 0)
                throw Bad(record, $"data offset {record.DataOffset} is not a multiple of the file's alignment, {alignment}");
            if (length == 0)
            {
                // Nothing is read there, yet the offset must not point anywhere wild.
                if (record.DataOffset > available + alignment - 1)
                    throw Bad(record, $"data offset {record.DataOffset} is beyond the end of the file, {fileLength} bytes");
                starts[i] = Math.Min(dataStart + record.DataOffset, fileLength);
            }
            else
            {
                var room = available - record.DataOffset;
                if (room < length)
                {
                    throw Bad(record, room < 0
                        ? $"data offset {record.DataOffset} is beyond the data section, {available} bytes"
                        : $"{length} bytes of data are needed from byte {dataStart + record.DataOffset} on, the file ends after {room}");
                }

                starts[i] = dataStart + record.DataOffset;
            }

            tensors[i] = new() { Spec = record.Spec, File = file, FileOffset = starts[i] };
        }

        RejectOverlap(records, starts);
        return tensors;

        GgufException Bad(in TensorRecord record, string problem) =>
            new(path, record.At, $"{record.Spec.Name}: data", problem, GgufCursor.Cures.Damaged);

        void RejectOverlap(TensorRecord[] records, long[] starts)
        {
            var order = new int[records.Length];
            for (var i = 0; i < order.Length; i++) order[i] = i;
            Array.Sort(starts, order);

            var (end, last) = (0L, -1);
            for (var i = 0; i < order.Length; i++)
            {
                ref readonly var record = ref records[order[i]];
                var length = record.Spec.ByteLength;
                if (length == 0) continue;
                if (starts[i] < end)
                    throw Bad(record, $"it overlaps the data of tensor {records[last].Spec.Name}, which ends at byte {end}");
                (end, last) = (starts[i] + length, order[i]);
            }
        }
    }
}
