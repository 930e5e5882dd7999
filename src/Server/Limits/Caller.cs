using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Limits;

/// <summary>Who asks: by the key, else by the address.</summary>
/// <param name="Id">Tells callers apart; says nothing of the key.</param>
internal sealed record Caller(string Id)
{
    /// <summary>Who sent a request that was let in.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? ByAddress(context.Connection.RemoteIpAddress);

    /// <summary>The one with a key.</summary>
    /// <param name="number">Which key it is.</param>
    public static Caller ByKey(int number) => new($"key {number}");

    private static Caller ByAddress(IPAddress? address)
    {
        if (address is null) return new("nobody");
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return new(address.ToString());
        // Whoever has one address of version 6 has 2⁶⁴ of them.
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new($"{new IPAddress(bytes)}/64");
    }
}
