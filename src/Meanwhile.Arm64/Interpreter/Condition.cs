namespace Meanwhile.Arm64.Interpreter;

/// <summary>Condition codes (DDI0487 C1.2.4), as a truth table so that a test at run time is one shift.</summary>
internal static unsafe class Condition
{
    /// <summary>Bit k is the condition's value when the flags NZCV are k (N is bit 3).</summary>
    public static ulong TruthTable(uint condition)
    {
        ulong table = 0;
        for (uint nzcv = 0; nzcv < 16; nzcv++)
        {
            if (Holds(condition, nzcv))
                table |= 1UL << (int)nzcv;
        }
        return table;
    }

    /// <summary>True when the condition whose truth table is in <see cref="Insn.Imm2"/> holds now.</summary>
    public static bool Holds(CpuState* s, Insn* i) => ((i->Imm2 >> (int)(s->Nzcv >> 28)) & 1) != 0;

    /// <summary>DDI0487 ConditionHolds.</summary>
    public static bool Holds(uint condition, uint nzcv)
    {
        bool n = (nzcv & 8) != 0, z = (nzcv & 4) != 0, c = (nzcv & 2) != 0, v = (nzcv & 1) != 0;
        bool result = (condition >> 1) switch
        {
            0b000 => z,
            0b001 => c,
            0b010 => n,
            0b011 => v,
            0b100 => c && !z,
            0b101 => n == v,
            0b110 => n == v && !z,
            _ => true,
        };
        return (condition & 1) != 0 && condition != 0b1111 ? !result : result;
    }
}
