using System.Reflection;

namespace BrainModular.Host;

/// <summary>The product's own version.</summary>
internal static class Product
{
    public static readonly string Version =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
