using Meanwhile.Arm64.FloatingPoint;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>FPCR and FPSR: their moves, and <see cref="CpuState.FpReady"/>, which follows them.</summary>
internal static class FloatingPointRegisters
{
    /// <summary>RMode and FZ in the upper half of FPCR, IXC in the lower half of FPSR, which comes next: the bits that decide.</summary>
    private const int Deciding = (0x01C0_0000 >> 16) | Settled;

    /// <summary>Their values when the host's arithmetic will do.</summary>
    private const int Settled = (int)FpException.Inexact << 16;

    private static readonly uint FpcrKey = SystemRegister.Key(3, 3, 4, 4, 0);
    private static readonly uint FpsrKey = SystemRegister.Key(3, 3, 4, 4, 1);

    /// <summary>Computes <see cref="CpuState.FpReady"/>. Changes RCX and the host's flags.</summary>
    public static void UpdateReady(Assembler a)
    {
        a.Load(4, Register.Rcx, Field(Fpcr + sizeof(ushort)));
        a.AluImmediate(Arithmetic.And, false, Register.Rcx, Deciding);
        a.AluImmediate(Arithmetic.Cmp, false, Register.Rcx, Settled);
        a.Set(HostCondition.Equal, Register.Rcx);
        a.Store(1, Field(FpReady), Register.Rcx);
    }

    /// <summary>MRS of one of them. False: it is another register, or traps.</summary>
    public static bool TryRead(UnitEmitter e, uint key, int d)
    {
        if ((e.Mode & UnitMode.FpEnabled) == 0 || (key != FpcrKey && key != FpsrKey))
            return false;
        Register result = e.Destination(d);
        e.A.Load(4, result, Field(key == FpcrKey ? Fpcr : Fpsr));
        e.Commit(d, result);
        return true;
    }

    /// <summary>MSR of one of them. False: it is another register, or traps.</summary>
    public static bool TryWrite(UnitEmitter e, uint key, int source)
    {
        if ((e.Mode & UnitMode.FpEnabled) == 0 || (key != FpcrKey && key != FpsrKey))
            return false;
        bool control = key == FpcrKey;
        e.ClobberFlags();
        e.LoadTo(Register.Rax, source);
        e.A.AluImmediate(Arithmetic.And, false, Register.Rax, (int)(control ? SystemRegisterMoves.FpcrBits : SystemRegisterMoves.FpsrBits));
        e.A.Store(4, Field(control ? Fpcr : Fpsr), Register.Rax);
        UpdateReady(e.A);
        return true;
    }
}
