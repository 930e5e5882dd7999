using System.Text.Json.Nodes;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>Arrays: the items that have places of their own, then items of one kind.</summary>
internal static class ArraySchema
{
    public static string Write(SchemaWriter writer, JsonObject schema, string path, int depth)
    {
        var items = schema["items"];
        var places = schema["prefixItems"] as JsonArray ?? items as JsonArray;
        if (items is JsonArray) items = schema["additionalItems"];
        var least = SchemaKeywords.Count(schema, "minItems", path) ?? 0;
        var most = SchemaKeywords.Count(schema, "maxItems", path);
        if (most < least) throw SchemaError.At(path, $"minItems is {least} and maxItems {most}", "Exchange them");

        var fixedItems = (places ?? []).Take(most ?? int.MaxValue).Select((place, i) => writer.Expression(place, $"{path}/prefixItems/{i}", depth + 1)).ToList();
        // Where there are places, more than them come only if they are wanted.
        most = places is not null && items is null ? Math.Max(least, fixedItems.Count) : most;
        string? item = null;
        if (most is null || most > fixedItems.Count)
        {
            if (items is JsonValue no && no.TryGetValue(out bool allowed) && !allowed)
            {
                if (least > fixedItems.Count) throw SchemaError.At(path, $"minItems is {least}, and no more than {fixedItems.Count} are allowed", "Correct one of the two");
            }
            else item = writer.Rule("item", items is null ? "value" : writer.Expression(items, $"{path}/items", depth + 1));
        }

        var (min, max) = (Math.Max(0, least - fixedItems.Count), most - fixedItems.Count);
        if (fixedItems.Count > 0)
        {
            var more = item is null ? "" : $" {GbnfText.Repeat($"\",\" ws {item}", min, max)}";
            return $"\"[\" ws {string.Join(" \",\" ws ", fixedItems)}{more} ws \"]\"";
        }

        if (item is null || max == 0) return "\"[\" ws \"]\"";
        var list = $"{item} {GbnfText.Repeat($"\",\" ws {item}", Math.Max(0, min - 1), max - 1)} ws";
        return min > 0 ? $"\"[\" ws {list} \"]\"" : $"\"[\" ws ({list})? \"]\"";
    }
}
