using System.Text.Json;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>
/// A command's arguments. What a handler asks for is checked, and what it did not ask for is refused, in the words of QEMU. A handler asks for
/// all before it does anything, and ends with <see cref="End"/>.
/// </summary>
internal sealed class QmpArguments
{
    private readonly JsonElement members;
    private readonly string path;
    private readonly HashSet<string> known = [];

    /// <summary>The arguments in an object.</summary>
    /// <param name="members">The object; undefined: there are none.</param>
    /// <param name="path">How an error names what is in front of a member.</param>
    public QmpArguments(JsonElement members, string path = "")
    {
        this.members = members;
        this.path = path;
    }

    /// <summary>Whoever gave the command has gone away, and nobody waits for its answer; for commands that take long.</summary>
    public Func<bool> IsClientGone { get; init; } = static () => false;

    /// <summary>A string that must be there.</summary>
    public string RequiredString(string name) => OptionalString(name) ?? throw Missing(name);

    /// <summary>A string, or null when it is not there.</summary>
    public string? OptionalString(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw WrongType(name, "string");
    }

    /// <summary>A string; null and the empty string alike stand for none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isThere">It was given.</param>
    public string OptionalStringOrNull(string name, out bool isThere)
    {
        JsonElement? value = Find(name);
        isThere = value is not null;
        return value?.ValueKind switch
        {
            null or JsonValueKind.Null => "",
            JsonValueKind.String => value.Value.GetString()!,
            _ => throw WrongType(name, "StrOrNull"),
        };
    }

    /// <summary>A boolean that must be there.</summary>
    public bool RequiredBoolean(string name) => OptionalBoolean(name) ?? throw Missing(name);

    /// <summary>A boolean, or null when it is not there.</summary>
    public bool? OptionalBoolean(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw WrongType(name, "boolean");
    }

    /// <summary>A whole number from 0, or null when it is not there. A negative one is taken modulo 2^64, as QEMU does.</summary>
    public ulong? OptionalUnsigned(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetUInt64(out ulong number))
                return number;
            if (value.TryGetInt64(out long negative))
                return (ulong)negative;
        }
        throw new QmpException($"Parameter '{path}{name}' expects uint64");
    }

    /// <summary>A list of objects that must be there.</summary>
    public IReadOnlyList<QmpArguments> RequiredObjects(string name)
    {
        JsonElement value = Find(name) ?? throw Missing(name);
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongType(name, "array");
        var objects = new List<QmpArguments>();
        foreach (JsonElement item in value.EnumerateArray())
        {
            string here = $"{name}[{objects.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
                throw WrongType(here, "object");
            objects.Add(new QmpArguments(item, $"{path}{here}."));
        }
        return objects;
    }

    /// <summary>A list of strings; empty when it is not there.</summary>
    public IReadOnlyList<string> OptionalStrings(string name)
    {
        if (Find(name) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongType(name, "array");
        var strings = new List<string>();
        foreach (JsonElement item in value.EnumerateArray())
            strings.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw WrongType($"{name}[{strings.Count}]", "string"));
        return strings;
    }

    /// <summary>The names of all members that were given.</summary>
    public IEnumerable<string> Names => members.ValueKind == JsonValueKind.Object ? members.EnumerateObject().Select(member => member.Name) : [];

    /// <summary>Refuses what nobody asked for.</summary>
    public void End()
    {
        foreach (string name in Names)
        {
            if (!known.Contains(name))
                throw new QmpException($"Parameter '{path}{name}' is unexpected");
        }
    }

    private JsonElement? Find(string name)
    {
        known.Add(name);
        return members.ValueKind == JsonValueKind.Object && members.TryGetProperty(name, out JsonElement value) ? value : null;
    }

    private QmpException Missing(string name) => new($"Parameter '{path}{name}' is missing");

    private QmpException WrongType(string name, string expected) => new($"Invalid parameter type for '{path}{name}', expected: {expected}");
}
