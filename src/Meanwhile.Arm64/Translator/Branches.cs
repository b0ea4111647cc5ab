using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>Branches (DDI0487 C3.1).</summary>
internal static unsafe class Branches
{
    private const int LinkRegister = 30;
    private const uint Always = 0b1110;

    public static void AddTo(TranslationLines lines)
    {
        const Traits conditional = Traits.DirectBranch | Traits.KeepsHostFlags;
        lines.Add(BranchEncodings.B, Traits.DirectBranch | Traits.EndsPath, &B);
        lines.Add(BranchEncodings.BL, Traits.EndsPath, &Bl);
        lines.Add(BranchEncodings.B_cond, conditional | Traits.ReadsFlags, &Conditional);
        lines.Add(BranchEncodings.CBZ, conditional, &CompareWithZero);
        lines.Add(BranchEncodings.CBNZ, conditional, &CompareWithZero);
        lines.Add(BranchEncodings.TBZ, conditional, &TestBit);
        lines.Add(BranchEncodings.TBNZ, conditional, &TestBit);
        lines.Add(BranchEncodings.BR, Traits.EndsPath, &Br);
        lines.Add(BranchEncodings.BLR, Traits.EndsPath, &Br);
        lines.Add(BranchEncodings.RET, Traits.EndsPath, &Br);
    }

    private static long TargetOffset(UnitEmitter e, uint word) => e.PageOffset + ((long)BranchTarget.Words(word) * sizeof(uint));

    private static void B(UnitEmitter e, uint word) => e.JumpToOffset(TargetOffset(e, word));

    private static void Bl(UnitEmitter e, uint word)
    {
        e.ClobberFlags();
        e.A.Load(8, Register.Rax, Field(CodePageVa));
        e.A.Lea(true, Register.Rcx, new Memory(Register.Rax, e.PageOffset + sizeof(uint)));
        e.Commit(LinkRegister, Register.Rcx);
        e.JumpToOffset(TargetOffset(e, word), pageInRax: true);
    }

    private static void SetLink(UnitEmitter e)
    {
        e.A.Load(8, Register.Rcx, Field(CodePageVa));
        e.A.AluImmediate(Arithmetic.Add, true, Register.Rcx, e.PageOffset + sizeof(uint));
        e.Commit(LinkRegister, Register.Rcx);
    }

    private static void Conditional(UnitEmitter e, uint word)
    {
        uint condition = word & 15;
        if (condition >= Always)
            e.JumpToOffset(TargetOffset(e, word));
        else
            e.JumpToOffsetIf(e.Condition(condition), TargetOffset(e, word));
    }

    private static void CompareWithZero(UnitEmitter e, uint word)
    {
        e.ClobberFlags();
        e.CompareImmediate(word >> 31 != 0, UnitEmitter.Source(word, 0), 0);
        e.JumpToOffsetIf((word >> 24 & 1) != 0 ? HostCondition.NotEqual : HostCondition.Equal, TargetOffset(e, word));
    }

    private static void TestBit(UnitEmitter e, uint word)
    {
        int slot = UnitEmitter.Source(word, 0), bit = (int)(word >> 26 & 32 | word >> 19 & 31);
        bool ifSet = (word >> 24 & 1) != 0;
        e.ClobberFlags();
        HostCondition condition = ifSet ? HostCondition.NotEqual : HostCondition.Equal;
        if (slot == CpuState.Zr)
        {
            e.CompareImmediate(true, slot, 1);
            condition = ifSet ? HostCondition.Equal : HostCondition.NotEqual;
        }
        else if (!e.TryHost(slot, out Register host))
        {
            e.A.TestByte(Home(slot).Plus(bit / 8), (byte)(1 << (bit % 8)));
        }
        else if (bit < 8)
        {
            e.A.TestByte(host, (byte)(1 << bit));
        }
        else if (bit < 32)
        {
            e.A.TestImmediate(false, host, (int)(1U << bit));
        }
        else
        {
            e.A.BitTest(true, host, bit);
            condition = ifSet ? HostCondition.Below : HostCondition.AboveOrEqual;
        }
        e.JumpToOffsetIf(condition, TargetOffset(e, word));
    }

    /// <summary>BR, BLR, RET. Rn may be X30.</summary>
    private static void Br(UnitEmitter e, uint word)
    {
        e.ClobberFlags();
        e.LoadTo(Register.Rax, UnitEmitter.Source(word, 5));
        if ((word >> 21 & 15) == 1)
            SetLink(e);
        e.JumpToRax();
    }
}
