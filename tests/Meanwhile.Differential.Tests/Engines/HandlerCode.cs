using System.Runtime.InteropServices;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>
/// The vectors and what they lead to. SVC returns; a trapped FP instruction is enabled or skipped; a fetch that faults goes on at the next
/// landing pad; other exceptions skip their instruction; an
/// interrupt is ended. Every sixteenth exception and every fourth interrupt go on at a pad. X16..X18 are lost.
/// </summary>
internal static class HandlerCode
{
    private const int Interrupt = 0x70;

    private const int Origin = 0x800;

    private static readonly uint[] Code =
    [
        // sync:
        0xD538_5210, // mrs x16, esr_el1
        0xD538_4031, // mrs x17, elr_el1
        0x9100_0652, // add x18, x18, #0x1
        0xF240_0E5F, // ands xzr, x18, #0xf
        0x5400_03A0, // b.eq land
        0xD35A_FE10, // ubfm x16, x16, #26, #63
        0xF100_561F, // subs xzr, x16, #0x15
        0x5400_01A0, // b.eq return
        0xF100_1E1F, // subs xzr, x16, #0x7
        0x5400_0180, // b.eq fp
        0xF100_3A1F, // subs xzr, x16, #0xe
        0x5400_02C0, // b.eq land
        0xF100_821F, // subs xzr, x16, #0x20
        0x5400_0280, // b.eq land
        0xF100_861F, // subs xzr, x16, #0x21
        0x5400_0240, // b.eq land
        0xF100_8A1F, // subs xzr, x16, #0x22
        0x5400_0200, // b.eq land
        0x9100_1231, // add x17, x17, #0x4
        0xD518_4031, // msr elr_el1, x17
        // return:
        0xD69F_03E0, // eret
        // fp:
        0x3600_0092, // tbz w18, #0, skip
        0xD2A0_0610, // movz x16, #0x30, lsl #16
        0xD518_1050, // msr cpacr_el1, x16
        0xD69F_03E0, // eret
        // skip:
        0x9100_1231, // add x17, x17, #0x4
        0xD518_4031, // msr elr_el1, x17
        0xD69F_03E0, // eret
        // irq:
        0x9100_0652, // add x18, x18, #0x1
        0xD518_CC32, // msr icc_eoir1_el1, x18
        0xF240_065F, // ands xzr, x18, #0x3
        0x5400_0040, // b.eq land
        0xD69F_03E0, // eret
        // land: X9 may lead to code or tables.
        0xD280_0009, // mov x9, #0x0
        0xD2FF_FFF0, // movz x16, #0xffff, lsl #48
        0xF2DF_F610, // movk x16, #0xffb0, lsl #32
        0xF2A2_4470, // movk x16, #0x1223, lsl #16
        0xF298_0010, // movk x16, #0xc000
        0xF947_8211, // ldr x17, [x16, #3840]
        0x9100_0631, // add x17, x17, #0x1
        0xF907_8211, // str x17, [x16, #3840]
        0x9240_1631, // and x17, x17, #0x3f
        0x8B11_1210, // add x16, x16, x17, lsl #4
        0xA940_4610, // ldp x16, x17, [x16]
        0xD518_4030, // msr elr_el1, x16
        0xD518_4011, // msr spsr_el1, x17
        0xD69F_03E0, // eret
    ];

    /// <summary>Writes them at the start of two pages.</summary>
    public static void Write(Span<byte> pages)
    {
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(pages);
        Code.CopyTo(words[(Origin / sizeof(uint))..]);
        for (int vector = 0; vector < 0x800; vector += 0x80)
        {
            int target = Origin + ((vector & 0x180) == 0 ? 0 : Interrupt);
            words[vector / sizeof(uint)] = 0x1400_0000 | (uint)(target - vector) / sizeof(uint); // b
        }
    }
}
