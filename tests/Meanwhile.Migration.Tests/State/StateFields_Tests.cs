using System.Reflection;
using Meanwhile.Arm64;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.State;
using Meanwhile.Machine.Board;
using Meanwhile.Memory;

namespace Meanwhile.Migration.Tests.State;

/// <summary>
/// Every field of everything that has state, by name: saved, or the reason why not. A new field fails here until somebody has thought of it.
/// The table is <see cref="StateFieldTable"/>.
/// </summary>
public sealed class StateFields_Tests
{
    private static readonly Assembly[] s_assemblies = [typeof(Core).Assembly, typeof(GuestRam).Assembly, typeof(VirtualMachine).Assembly, typeof(VirtMachine).Assembly];

    private static readonly Dictionary<string, Dictionary<string, string>> s_table = ReadTable();

    public static TheoryData<string> Types() => [.. s_table.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_field_is_saved_or_has_a_reason(string name)
    {
        Type type = Find(name);
        string[] fields = [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Select(NameOf)];
        Assert.Equal(fields.Order(StringComparer.Ordinal), s_table[name].Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("", s_table[name].Values);
    }

    [Fact]
    public void Each_section_has_its_fields_listed()
    {
        IEnumerable<Type> sections = s_assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true } && typeof(IStateSection).IsAssignableFrom(type));
        Assert.All(sections, type => Assert.Contains(NameOf(type), s_table.Keys));
    }

    [Fact]
    public void Each_device_behind_virtio_has_its_fields_listed() => Assert.All(
        typeof(VirtMachine).Assembly.GetTypes().Where(type => type.Name.StartsWith("Virtio", StringComparison.Ordinal) && type.BaseType?.Name == "VirtioDevice"),
        type => Assert.Contains(NameOf(type), s_table.Keys));

    private static Type Find(string name) =>
        s_assemblies.SelectMany(assembly => assembly.GetTypes()).Single(type => NameOf(type) == name);

    private static string NameOf(Type type) => type.DeclaringType is { } outer ? $"{NameOf(outer)}.{type.Name}" : type.Name;

    // <Name>k__BackingField of a property, <name>P of a primary constructor's parameter.
    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    // See StateFieldTable.
    private static Dictionary<string, Dictionary<string, string>> ReadTable()
    {
        using var reader = new StringReader(StateFieldTable.Text);
        var table = new Dictionary<string, Dictionary<string, string>>();
        Dictionary<string, string> current = [];
        while (reader.ReadLine() is { } line)
        {
            if (line[0] != ' ')
            {
                table.Add(line, current = []);
                continue;
            }

            string[] parts = line.Split(':', 2);
            foreach (string field in parts[0].Split(',', StringSplitOptions.TrimEntries))
                current.Add(field, parts[1].Trim());
        }

        return table;
    }
}
