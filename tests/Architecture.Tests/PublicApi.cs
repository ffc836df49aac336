using System.Reflection;
using System.Text;

namespace BrainModular.Architecture;

/// <summary>An assembly's public surface as text: one type a paragraph, one member a line, sorted, so that a change shows as a small difference.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly NullabilityInfoContext Nullability = new();

    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (var member in type.GetMembers(Declared).SelectMany(Lines).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        string[] bases =
        [
            .. type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) ? [Name(parent)] : Array.Empty<string>(),
            .. type.GetInterfaces().Where(i => i.IsPublic && !type.IsEnum).Select(Name).Order(StringComparer.Ordinal),
        ];
        return $"{kind} {type.Namespace}.{Name(type)}{(bases.Length == 0 ? "" : " : " + string.Join(", ", bases))}";
    }

    private static IEnumerable<string> Lines(MemberInfo member) => member switch
    {
        _ when member.Name.Contains('<', StringComparison.Ordinal) => [],
        FieldInfo { IsPublic: true } f => [f.DeclaringType!.IsEnum ? EnumLine(f) : $"{Static(f.IsStatic)}{(f.IsInitOnly || f.IsLiteral ? "readonly " : "")}{NameOf(f)} {f.Name}"],
        ConstructorInfo { IsPublic: true } c => [$"new({Parameters(c)})"],
        PropertyInfo p when Visible(p.GetMethod) || Visible(p.SetMethod) => [$"{Static((p.GetMethod ?? p.SetMethod)!.IsStatic)}{NameOf(p)} {PropertyName(p)} {{ {Accessors(p)} }}"],
        EventInfo e => [$"event {Name(e.EventHandlerType!)} {e.Name}"],
        MethodInfo m when Visible(m) && IsWritten(m) => [$"{Static(m.IsStatic)}{NameOf(m.ReturnParameter)} {m.Name}{Generics(m)}({Parameters(m)})"],
        _ => [],
    };

    // A record's compiler-made members follow from its header; operators are special names, too, and are wanted.
    private static bool IsWritten(MethodInfo m) =>
        (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))
        && !m.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute));

    private static bool Visible(MethodBase? m) => m is { IsPublic: true } or { IsFamily: true };

    private static string EnumLine(FieldInfo f) => f.IsLiteral ? $"{f.Name} = {f.GetRawConstantValue()}" : "value";

    private static string PropertyName(PropertyInfo p) =>
        p.GetIndexParameters() is { Length: > 0 } index ? $"this[{string.Join(", ", index.Select(Parameter))}]" : p.Name;

    private static string Accessors(PropertyInfo p)
    {
        var init = p.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)) == true;
        return string.Join(' ', new[] { Visible(p.GetMethod) ? "get;" : "", Visible(p.SetMethod) ? init ? "init;" : "set;" : "" }.Where(a => a.Length > 0));
    }

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Generics(MethodInfo m) => m.IsGenericMethod ? $"<{string.Join(", ", m.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo p)
    {
        var direction = p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : "";
        var value = p.HasDefaultValue ? $" = {p.RawDefaultValue ?? "default"}" : "";
        return FormattableString.Invariant($"{direction}{NameOf(p)} {p.Name}{value}");
    }

    private static string NameOf(ParameterInfo p) => Name(p.ParameterType) + Mark(p.ParameterType, Nullability.Create(p));

    private static string NameOf(PropertyInfo p) => Name(p.PropertyType) + Mark(p.PropertyType, Nullability.Create(p));

    private static string NameOf(FieldInfo f) => Name(f.FieldType) + Mark(f.FieldType, Nullability.Create(f));

    private static string Mark(Type type, NullabilityInfo info) =>
        !type.IsValueType && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable) ? "?" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name[..name.LastIndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
