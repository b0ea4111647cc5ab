namespace Meanwhile.Arm64.Decoding;

/// <summary>
/// One line of the architecture's encoding tables: a name and a pattern of 32 bits made of literal bits and named fields,
/// written as the manual draws it, most significant bit first: <c>"sf:1 0 0 100010 sh:1 imm12:12 Rn:5 Rd:5"</c>.
/// </summary>
/// <remarks>
/// Interpreter, translator, disassembling tests and the random code generator all read the same lines (DDI0487 chapter C4).
/// A constraint refuses field values that the manual leaves unallocated or reserved, so that "matches" means "is this instruction".
/// </remarks>
public sealed class Encoding
{
    private readonly Dictionary<string, Field> fields = new(StringComparer.Ordinal);
    private readonly Func<uint, bool>? allocated;

    internal Encoding(string name, string pattern, Func<uint, bool>? allocated, string feature)
    {
        Name = name;
        Pattern = pattern;
        Feature = feature;
        this.allocated = allocated;
        int bit = 32;
        foreach (string part in pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = part.IndexOf(':');
            if (colon >= 0)
            {
                int width = int.Parse(part.AsSpan(colon + 1));
                bit -= width;
                fields.Add(part[..colon], new Field(part[..colon], bit, width));
                continue;
            }
            foreach (char c in part)
            {
                bit--;
                if (c is not ('0' or '1'))
                    throw new ArgumentException($"{name}: '{part}' in \"{pattern}\" is neither bits nor a field", nameof(pattern));
                Mask |= 1u << bit;
                if (c == '1')
                    Value |= 1u << bit;
            }
        }
        if (bit != 0)
            throw new ArgumentException($"{name}: \"{pattern}\" has {32 - bit} bits", nameof(pattern));
    }

    /// <summary>The manual's name of the instruction, with its variant: <c>ADD (immediate)</c>.</summary>
    public string Name { get; }

    /// <summary>The pattern as written.</summary>
    public string Pattern { get; }

    /// <summary>The architecture feature it belongs to: <c>Base</c>, <c>FEAT_LSE</c>, <c>FEAT_AES</c>, …</summary>
    public string Feature { get; }

    /// <summary>Bits of the word that are literal in the pattern.</summary>
    public uint Mask { get; }

    /// <summary>Values of the literal bits.</summary>
    public uint Value { get; }

    /// <summary>The named fields, most significant first.</summary>
    public IReadOnlyCollection<Field> Fields => fields.Values;

    /// <summary>The field of that name.</summary>
    /// <exception cref="KeyNotFoundException">The pattern has no such field.</exception>
    public Field this[string fieldName] => fields[fieldName];

    /// <summary>True when <paramref name="word"/> is an allocated form of this instruction.</summary>
    public bool Matches(uint word) => (word & Mask) == Value && (allocated is null || allocated(word));

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A named field: <paramref name="Low"/> is its least significant bit, <paramref name="Width"/> its size in bits.</summary>
    public readonly record struct Field(string Name, int Low, int Width)
    {
        /// <summary>The field's value in <paramref name="word"/>.</summary>
        public uint Of(uint word) => (word >> Low) & (Width == 32 ? uint.MaxValue : (1u << Width) - 1);
    }
}

/// <summary>A group of encodings, in the manual's own grouping, with a line each.</summary>
public sealed class EncodingGroup(string name)
{
    private readonly List<Encoding> encodings = [];

    /// <summary>The manual's name of the group.</summary>
    public string Name { get; } = name;

    /// <summary>Its lines, in order.</summary>
    public IReadOnlyList<Encoding> Encodings => encodings;

    /// <summary>Adds a line. See <see cref="Encoding"/> for the pattern; <paramref name="allocated"/> refuses reserved field values.</summary>
    public Encoding Add(string instruction, string pattern, Func<uint, bool>? allocated = null, string feature = "Base")
    {
        var encoding = new Encoding(instruction, pattern, allocated, feature);
        encodings.Add(encoding);
        return encoding;
    }
}
