using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <content>Second operands that are shifted or extended (DDI0487 ShiftReg, ExtendReg).</content>
internal sealed unsafe partial class UnitEmitter
{
    private static readonly Shift[] Shifts = [Shift.Shl, Shift.Shr, Shift.Sar, Shift.Ror];

    /// <summary>Loads a slot, shifted by a constant. Types are LSL, LSR, ASR, ROR. Changes the host's flags.</summary>
    public void LoadShifted(Register to, int slot, bool wide, int type, int amount)
    {
        LoadTo(to, slot);
        if (amount == 0)
            return;
        ClobberFlags();
        A.ShiftImmediate(Shifts[type], wide, to, amount);
    }

    /// <summary>Loads a slot, extended as the option field says and shifted left. Changes the host's flags.</summary>
    public void LoadExtended(Register to, int slot, uint option, int amount)
    {
        ClobberFlags();
        LoadTo(to, slot);
        int size = 1 << (int)(option & 3);
        if (size < 8)
        {
            if ((option & 4) != 0)
                A.SignExtend(size, true, to, to);
            else
                A.ZeroExtend(size, to, to);
        }
        if (amount != 0)
            A.ShiftImmediate(Shift.Shl, true, to, amount);
    }
}
