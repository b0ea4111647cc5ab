using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// DC: nothing to do for a coherent PE where the TLB tells that the access is permitted, except that ZVA writes zeros; and the registers that tell
/// about lines. What EL0 may not do, or what is not in the TLB, is the handlers' (DDI0487 C5.3).
/// </summary>
internal static unsafe class CacheMaintenance
{
    private const int ZeroBlockSize = 64;

    // Bits of SCTLR_EL1, and the byte that each is in.
    private const int DzeByte = 1, UctByte = 1, UciByte = 3;
    private const byte Dze = 1 << 14 - 8, Uct = 1 << 15 - 8, Uci = 1 << 26 - 24;

    private static readonly uint CacheType = SystemRegister.Key(3, 3, 0, 0, 1);
    private static readonly uint ZeroBlock = SystemRegister.Key(3, 3, 0, 0, 7);

    private static readonly Encoding[] CleanByAddress =
        [SystemEncodings.DC_CVAC, SystemEncodings.DC_CVAU, SystemEncodings.DC_CVAP, SystemEncodings.DC_CIVAC];

    private static readonly Encoding[] BySetAndWay = [SystemEncodings.DC_ISW, SystemEncodings.DC_CSW, SystemEncodings.DC_CISW];

    public static void AddTo(TranslationLines lines)
    {
        lines.Add(SystemEncodings.DC_ZVA, Traits.MayLeave, &Zero);
        lines.Add(SystemEncodings.DC_IVAC, Traits.Handler, &Invalidate);
        foreach (Encoding encoding in CleanByAddress)
            lines.Add(encoding, Traits.MayLeave, &Clean);
        foreach (Encoding encoding in BySetAndWay)
            lines.Add(encoding, Traits.Handler, &SetAndWay);
    }

    /// <summary>MRS of CTR_EL0 and DCZID_EL0 into slot <paramref name="d"/>; false for other registers.</summary>
    public static bool TryRead(UnitEmitter e, uint key, int d)
    {
        if (key != CacheType && key != ZeroBlock)
            return false;
        bool isCacheType = key == CacheType;
        e.BeginAccess();
        RefuseAtEl0(e, isCacheType ? UctByte : DzeByte, isCacheType ? Uct : Dze);
        Register result = e.Destination(d);
        e.A.MovImmediate(result, isCacheType ? IdRegisters.Ctr : IdRegisters.DczidBlock);
        e.Commit(d, result);
        e.EndAccess();
        return true;
    }

    /// <summary>At EL0, the handler takes over when a bit of SCTLR_EL1 is clear.</summary>
    private static void RefuseAtEl0(UnitEmitter e, int byteOfSctlr, byte bit)
    {
        if ((e.Mode & UnitMode.El1) != 0)
            return;
        e.A.TestByte(Field(SctlrEl1 + byteOfSctlr), bit);
        e.SlowPathIf(HostCondition.Equal);
    }

    /// <summary>The block is aligned, so that it cannot leave the page.</summary>
    private static void Zero(UnitEmitter e, uint word)
    {
        Assembler a = e.A;
        e.BeginAccess();
        RefuseAtEl0(e, DzeByte, Dze);
        e.LoadTo(Register.Rax, UnitEmitter.Source(word, 0));
        a.AluImmediate(Arithmetic.And, true, Register.Rax, -ZeroBlockSize);
        e.LookUp(1, write: true);
        a.Crypto(CryptoOperation.Pxor, VectorRegister.Xmm0, VectorRegister.Xmm0);
        for (int offset = 0; offset < ZeroBlockSize; offset += 16)
            a.StoreVector(16, UnitEmitter.Accessed.Plus(offset), VectorRegister.Xmm0);
        e.EndAccess();
    }

    private static void Clean(UnitEmitter e, uint word)
    {
        e.BeginAccess();
        RefuseAtEl0(e, UciByte, Uci);
        e.LoadTo(Register.Rax, UnitEmitter.Source(word, 0));
        e.LookUp(1, write: false);
        e.EndAccess();
    }

    /// <summary>DC IVAC needs permission to write (C5.3.17).</summary>
    private static void Invalidate(UnitEmitter e, uint word)
    {
        if ((e.Mode & UnitMode.El1) == 0)
        {
            e.CallHandler();
            return;
        }
        e.BeginAccess();
        e.LoadTo(Register.Rax, UnitEmitter.Source(word, 0));
        e.LookUp(1, write: true);
        e.EndAccess();
    }

    private static void SetAndWay(UnitEmitter e, uint word)
    {
        if ((e.Mode & UnitMode.El1) == 0)
            e.CallHandler();
    }
}
