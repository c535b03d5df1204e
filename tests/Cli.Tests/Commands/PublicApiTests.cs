using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Commands;

// tests/Api/*.txt list every public member of the libraries, so that breaking a user's program is a line in a review. Where the
// change is meant:  SYMEFT_API=write dotnet test -c Release tests/Cli.Tests --filter PublicApiTests   writes the lists anew.
public class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    [Theory]
    [InlineData(typeof(Symbolic.Expressions.Expression))]
    [InlineData(typeof(Diagrams.DiagramGenerator))]
    [InlineData(typeof(Numeric.Solving.TheorySolver))]
    [InlineData(typeof(Plotting.Chart))]
    [InlineData(typeof(Testing.Law))]
    public void The_public_members_are_those_of_the_list(Type oneOfThem)
    {
        string[] found = [.. Members(oneOfThem.Assembly).Distinct().Order(StringComparer.Ordinal)];
        string name = oneOfThem.Assembly.GetName().Name!, path = Path.Combine(Tools.Repository, "tests", "Api", name + ".txt");
        if (Environment.GetEnvironmentVariable("SYMEFT_API") == "write")
            File.WriteAllText(path, string.Join('\n', found) + "\n");
        string[] listed = File.ReadAllLines(path);
        string[] gone = [.. listed.Except(found).Select(line => "- " + line)], come = [.. found.Except(listed).Select(line => "+ " + line)];
        Assert.True(gone.Length + come.Length == 0, $"The public members of {name} are not those of tests/Api/{name}.txt (if that is meant, SYMEFT_API=write writes it anew):\n{string.Join('\n', gone.Concat(come))}");
    }

    private static IEnumerable<string> Members(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes())
        {
            string name = $"{type.Namespace}.{Name(type)}";
            IEnumerable<Type> above = type.IsEnum ? [] : type.GetInterfaces().Where(each => each.IsPublic).OrderBy(Name, StringComparer.Ordinal);
            if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && !type.IsEnum)
                above = above.Prepend(parent);
            yield return $"{name}: {Kind(type)}{(above.Any() ? " of " + string.Join(", ", above.Select(Name)) : "")}";
            foreach (MemberInfo member in type.GetMembers(Declared))
            {
                if (Text(type, member) is { } text)
                    yield return $"{name}: {text}";
            }
        }
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";

    // Null for what a user cannot reach, and for what the compiler adds to records.
    private static string? Text(Type type, MemberInfo member) => member switch
    {
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily => $"{Static(field.IsStatic)}field {Name(field.FieldType)} {field.Name}{(type.IsEnum ? string.Create(CultureInfo.InvariantCulture, $" = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}") : "")}",
        ConstructorInfo { IsStatic: false } made when IsOpen(made, type) => $"new({Parameters(made)})",
        PropertyInfo property when Accessors(property, type) is { Length: > 0 } accessors =>
            $"{Static(property.GetAccessors(true)[0].IsStatic)}{Name(property.PropertyType)} {property.Name}{(property.GetIndexParameters().Length > 0 ? $"[{string.Join(", ", property.GetIndexParameters().Select(each => Name(each.ParameterType)))}]" : "")} {{ {accessors} }}",
        MethodInfo method when IsOpen(method, type) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !method.IsDefined(typeof(CompilerGeneratedAttribute)) =>
            $"{Static(method.IsStatic)}{Name(method.ReturnType)} {method.Name}{(method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "")}({Parameters(method)})",
        EventInfo raised => $"event {Name(raised.EventHandlerType!)} {raised.Name}",
        _ => null,
    };

    private static bool IsOpen(MethodBase method, Type type) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !type.IsSealed);

    private static string Accessors(PropertyInfo property, Type type)
    {
        bool initialized = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        string[] open = [.. new[] { (property.GetMethod, "get;"), (property.SetMethod, initialized ? "init;" : "set;") }.Where(each => each.Item1 is { } method && IsOpen(method, type)).Select(each => each.Item2)];
        return string.Join(' ', open);
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(each =>
        $"{(each.IsOut ? "out " : each.IsIn ? "in " : each.ParameterType.IsByRef ? "ref " : "")}{Name(each.ParameterType)} {each.Name}{(each.HasDefaultValue ? " = " + Default(each.RawDefaultValue) : "")}"));

    private static string Default(object? value) => value is null ? "default" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!);
        if (type.IsPointer)
            return Name(type.GetElementType()!) + "*";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Name(inner) + "?";
        if (Keywords.TryGetValue(type, out string? keyword))
            return keyword;
        string outer = type is { IsNested: true, IsGenericParameter: false } ? Name(type.DeclaringType!) + "." : "";
        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return outer + (tick < 0 ? type.Name : $"{type.Name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>");
    }
}
