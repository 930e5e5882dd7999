using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>
/// Reads the plugin attribute of an assembly from its metadata. Nothing is loaded and nothing of the plugin runs: no module initialiser, no static constructor.
/// </summary>
internal static class PluginMetadataReader
{
    private static readonly string ContractAssembly = typeof(BackendPluginAttribute).Assembly.GetName().Name!;

    /// <summary>Reads an assembly; null, and the code and reason of a rejection, if it is not a plugin's.</summary>
    public static PluginMetadata? Read(string path, out PluginRejectionCode code, out string reason)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var image = new PEReader(file);
            return Read(image, file.Length, out code, out reason);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException and not FileNotFoundException and not EndOfStreamException)
        {
            (code, reason) = (PluginRejectionCode.Unreadable, failure.Message);
            return null;
        }
        // A damaged image can make the metadata reader fail in many ways; none of them is a fault of the host.
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            (code, reason) = (PluginRejectionCode.BadAssembly, $"it cannot be read as an assembly: {failure.Message}");
            return null;
        }
    }

    private static PluginMetadata? Read(PEReader image, long length, out PluginRejectionCode code, out string reason)
    {
        foreach (var section in image.PEHeaders.SectionHeaders)
        {
            var end = (long)section.PointerToRawData + section.SizeOfRawData;
            if (end <= length) continue;
            (code, reason) = (PluginRejectionCode.Incomplete, $"it is cut short: section {section.Name} ends at {end}, and the file has {length} bytes.");
            return null;
        }
        if (!image.HasMetadata)
        {
            (code, reason) = (PluginRejectionCode.NotAPlugin, "it is not a .NET assembly.");
            return null;
        }
        var metadata = image.GetMetadataReader();
        if (!metadata.IsAssembly)
        {
            (code, reason) = (PluginRejectionCode.NotAPlugin, "it is a module, not an assembly.");
            return null;
        }
        var assembly = metadata.GetAssemblyDefinition();
        foreach (var handle in assembly.GetCustomAttributes())
        {
            var attribute = metadata.GetCustomAttribute(handle);
            if (!IsPluginAttribute(metadata, attribute)) continue;
            var value = attribute.DecodeValue(AttributeTypes.Instance);
            if (value.FixedArguments is not [{ Value: string id }, { Value: string type }, { Value: string contract }])
            {
                (code, reason) = (PluginRejectionCode.BadAssembly, "its BackendPlugin attribute has not the arguments (id, type, contract).");
                return null;
            }
            if (EntryFault(metadata, type) is { } fault)
            {
                (code, reason) = (PluginRejectionCode.BadEntryType, $"its BackendPlugin attribute names the type {type}, and {fault}.");
                return null;
            }
            (code, reason) = (default, "");
            return new(id, type, contract, ContractReference(metadata), assembly.Version);
        }
        (code, reason) = (PluginRejectionCode.NotAPlugin, "it has no BackendPlugin attribute of Hotplug.Abstractions.");
        return null;
    }

    // Loops instead of queries: handles are structures, and each query over one is compiled at every start.
    private static Version ContractReference(MetadataReader metadata)
    {
        foreach (var handle in metadata.AssemblyReferences)
            if (metadata.GetAssemblyReference(handle) is var reference && metadata.StringComparer.Equals(reference.Name, ContractAssembly)) return reference.Version;
        throw new BadImageFormatException($"it has an attribute of {ContractAssembly} and no reference to it.");
    }

    private static bool IsPluginAttribute(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference) return false;
        var constructor = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor);
        if (constructor.Parent.Kind != HandleKind.TypeReference) return false;
        var type = metadata.GetTypeReference((TypeReferenceHandle)constructor.Parent);
        return metadata.StringComparer.Equals(type.Name, nameof(BackendPluginAttribute))
            && metadata.StringComparer.Equals(type.Namespace, typeof(BackendPluginAttribute).Namespace!)
            && type.ResolutionScope.Kind == HandleKind.AssemblyReference
            && metadata.StringComparer.Equals(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name, ContractAssembly);
    }

    /// <summary>Says what keeps a type from being the entry, or null. Whether it implements the interface is checked after loading.</summary>
    private static string? EntryFault(MetadataReader metadata, string name)
    {
        if (name.Contains(',')) return "it lies in another assembly";
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            if (type.IsNested || FullName(metadata, type) != name) continue;
            if ((type.Attributes & TypeAttributes.VisibilityMask) != TypeAttributes.Public) return "it is not public";
            if ((type.Attributes & (TypeAttributes.Abstract | TypeAttributes.Interface)) != 0) return "it is abstract";
            if (type.GetGenericParameters().Count != 0) return "it is generic";
            foreach (var constructor in type.GetMethods())
                if (metadata.GetMethodDefinition(constructor) is var method && metadata.StringComparer.Equals(method.Name, ".ctor") && (method.Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Public
                    && metadata.GetBlobReader(method.Signature) is var signature && signature.ReadSignatureHeader().IsInstance && signature.ReadCompressedInteger() == 0)
                    return null;
            return "it has no public constructor without parameters";
        }
        return "there is no such top-level type in the assembly";
    }

    private static string FullName(MetadataReader metadata, TypeDefinition type)
        => type.Namespace.IsNil ? metadata.GetString(type.Name) : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";

    /// <summary>Decodes types in attributes to their names; nothing is resolved.</summary>
    private sealed class AttributeTypes : ICustomAttributeTypeProvider<string>
    {
        public static readonly AttributeTypes Instance = new();

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();
        public string GetSystemType() => "System.Type";
        public string GetSZArrayType(string elementType) => elementType + "[]";
        public bool IsSystemType(string type) => type == "System.Type";
        public string GetTypeFromSerializedName(string name) => name;
        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
            => FullName(reader, reader.GetTypeDefinition(handle));

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            return type.Namespace.IsNil ? reader.GetString(type.Name) : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }
    }
}
