namespace Meanwhile.Arm64.Bench;

/// <content>
/// Integer loops as a compiler makes them: C by aarch64-linux-gnu-gcc 12.2 -O2 -ffreestanding -fno-tree-vectorize
/// -fno-tree-loop-distribute-patterns, each an endless loop around the one that its comment shows. Data is at 0x20000 and above.
/// </content>
internal sealed partial record Workload
{
    private static Workload[] Compiled =>
    [
        // for (n = 2; n < 8192; n++) if (!composite[n]) for (m = n * n; m < 8192; m += n) composite[m] = 1;
        new("sieve of 8192",
        [
            0xD2800006, // mov x6, #0x0
            0x5283FFE3, // mov w3, #0x1fff
            0x52800025, // mov w5, #0x1
            0xD2A00067, // mov x7, #0x30000
            0xD2A00040, // mov x0, #0x20000
            0xD503201F, // nop
            0x3800141F, // strb wzr, [x0], #1
            0xF140881F, // cmp x0, #0x22, lsl #12
            0x54FFFFC1, // b.ne . - 8
            0xD2800042, // mov x2, #0x2
            0x14000004, // b . + 16
            0x91000442, // add x2, x2, #0x1
            0xF140085F, // cmp x2, #0x2, lsl #12
            0x54000240, // b.eq . + 72
            0x91408040, // add x0, x2, #0x20, lsl #12
            0x39400000, // ldrb w0, [x0]
            0x35FFFF60, // cbnz w0, . - 20
            0x1B027C40, // mul w0, w2, w2
            0x910004C6, // add x6, x6, #0x1
            0x2A0203E4, // mov w4, w2
            0x6B03001F, // cmp w0, w3
            0x54FFFEC8, // b.hi . - 40
            0x2A0003E1, // mov w1, w0
            0x0B040000, // add w0, w0, w4
            0x91408021, // add x1, x1, #0x20, lsl #12
            0x39000025, // strb w5, [x1]
            0x6B03001F, // cmp w0, w3
            0x54FFFF69, // b.ls . - 20
            0x91000442, // add x2, x2, #0x1
            0xF140085F, // cmp x2, #0x2, lsl #12
            0x54FFFE01, // b.ne . - 64
            0xF90000E6, // str x6, [x7]
            0x17FFFFE4, // b . - 112
        ])
        { IsInteger = true },
        // for (h = 2166136261; *p; p++) h = (h ^ *p) * 16777619;
        new("string hash, FNV-1a",
        [
            0x528CC1A7, // mov w7, #0x660d
            0x529E6BE6, // mov w6, #0xf35f
            0x52955565, // mov w5, #0xaaab
            0xD2A00042, // mov x2, #0x20000
            0x52800023, // mov w3, #0x1
            0x72A00327, // movk w7, #0x19, lsl #16
            0x72A78DC6, // movk w6, #0x3c6e, lsl #16
            0x72B55545, // movk w5, #0xaaaa, lsl #16
            0x51408044, // sub w4, w2, #0x20, lsl #12
            0x1B071863, // madd w3, w3, w7, w6
            0x9BA57C80, // umull x0, w4, w5
            0x53187C61, // lsr w1, w3, #24
            0x32000021, // orr w1, w1, #0x1
            0xD364FC00, // lsr x0, x0, #36
            0x0B000400, // add w0, w0, w0, lsl #1
            0x4B000C80, // sub w0, w4, w0, lsl #3
            0x71005C1F, // cmp w0, #0x17
            0x1A9F1020, // csel w0, w1, wzr, ne
            0x38001440, // strb w0, [x2], #1
            0xF140845F, // cmp x2, #0x21, lsl #12
            0x54FFFE81, // b.ne . - 48
            0xD281FFE5, // mov x5, #0xfff
            0x5293B8A7, // mov w7, #0x9dc5
            0xF2A00045, // movk x5, #0x2, lsl #16
            0x52803263, // mov w3, #0x193
            0xD293B8A8, // mov x8, #0x9dc5
            0x72B02387, // movk w7, #0x811c, lsl #16
            0x72A02003, // movk w3, #0x100, lsl #16
            0xF2B02388, // movk x8, #0x811c, lsl #16
            0xD2A00066, // mov x6, #0x30000
            0x390000BF, // strb wzr, [x5]
            0xD503201F, // nop
            0xD2A00042, // mov x2, #0x20000
            0xD2800004, // mov x4, #0x0
            0x39400041, // ldrb w1, [x2]
            0x2A0703E0, // mov w0, w7
            0x34000181, // cbz w1, . + 48
            0xD503201F, // nop
            0x4A000020, // eor w0, w1, w0
            0x38401C41, // ldrb w1, [x2, #1]!
            0x1B037C00, // mul w0, w0, w3
            0x35FFFFA1, // cbnz w1, . - 12
            0x91000442, // add x2, x2, #0x1
            0x8B000084, // add x4, x4, x0
            0xEB05005F, // cmp x2, x5
            0x54FFFEA9, // b.ls . - 44
            0xF90000C4, // str x4, [x6]
            0x17FFFFF1, // b . - 60
            0xAA0803E0, // mov x0, x8
            0x17FFFFF9, // b . - 28
        ])
        { IsInteger = true },
        // for (n = 0; n < 4096; n++) c = table[(c ^ data[n]) & 255] ^ c >> 8;
        new("CRC-32 by table",
        [
            0xD2900005, // mov x5, #0x8000
            0x52906403, // mov w3, #0x8320
            0xF2A00045, // movk x5, #0x2, lsl #16
            0x52800004, // mov w4, #0x0
            0x72BDB703, // movk w3, #0xedb8, lsl #16
            0x2A0403E0, // mov w0, w4
            0x52800101, // mov w1, #0x8
            0xD503201F, // nop
            0x72000002, // ands w2, w0, #0x1
            0x53017C00, // lsr w0, w0, #1
            0x4A030002, // eor w2, w0, w3
            0x1A801040, // csel w0, w2, w0, ne
            0x71000421, // subs w1, w1, #0x1
            0x54FFFF61, // b.ne . - 20
            0x11000484, // add w4, w4, #0x1
            0xB80044A0, // str w0, [x5], #4
            0x7104009F, // cmp w4, #0x100
            0x54FFFE81, // b.ne . - 48
            0xD2A00063, // mov x3, #0x30000
            0xD503201F, // nop
            0xD2A00042, // mov x2, #0x20000
            0x12800001, // mov w1, #0xffffffff
            0x38401440, // ldrb w0, [x2], #1
            0x4A010000, // eor w0, w0, w1
            0xD37E1C00, // ubfiz x0, x0, #2, #8
            0x9140A000, // add x0, x0, #0x28, lsl #12
            0xB9400000, // ldr w0, [x0]
            0x4A412001, // eor w1, w0, w1, lsr #8
            0xF140845F, // cmp x2, #0x21, lsl #12
            0x54FFFF21, // b.ne . - 28
            0x2A2103E1, // mvn w1, w1
            0xB9000061, // str w1, [x3]
            0x17FFFFF4, // b . - 48
        ])
        { IsInteger = true },
        // for (i = 1; i < 64; i++) { v = a[i]; for (j = i; j > 0 && a[j - 1] > v; j--) a[j] = a[j - 1]; a[j] = v; }
        new("insertion sort of 64",
        [
            0x528CC1AA, // mov w10, #0x660d
            0x529E6BE9, // mov w9, #0xf35f
            0xD2802008, // mov x8, #0x100
            0x52800026, // mov w6, #0x1
            0x72A0032A, // movk w10, #0x19, lsl #16
            0x72A78DC9, // movk w9, #0x3c6e, lsl #16
            0xF2A00048, // movk x8, #0x2, lsl #16
            0xD2A00040, // mov x0, #0x20000
            0x1B0A24C6, // madd w6, w6, w10, w9
            0xB8004406, // str w6, [x0], #4
            0xEB08001F, // cmp x0, x8
            0x54FFFFA1, // b.ne . - 12
            0xD2800085, // mov x5, #0x4
            0xD2800027, // mov x7, #0x1
            0xF2A00045, // movk x5, #0x2, lsl #16
            0xD503201F, // nop
            0xB94000A3, // ldr w3, [x5]
            0xAA0503E0, // mov x0, x5
            0x14000004, // b . + 16
            0xB9000041, // str w1, [x2]
            0xF140801F, // cmp x0, #0x20, lsl #12
            0x54000180, // b.eq . + 48
            0xAA0003E2, // mov x2, x0
            0xB85FCC01, // ldr w1, [x0, #-4]!
            0xAA0203E4, // mov x4, x2
            0x6B03003F, // cmp w1, w3
            0x54FFFF2C, // b.gt . - 28
            0x910004E7, // add x7, x7, #0x1
            0xB9000083, // str w3, [x4]
            0x910010A5, // add x5, x5, #0x4
            0xF10100FF, // cmp x7, #0x40
            0x54FFFE21, // b.ne . - 60
            0x17FFFFE7, // b . - 100
            0xAA0003E4, // mov x4, x0
            0x910004E7, // add x7, x7, #0x1
            0x910010A5, // add x5, x5, #0x4
            0xB9000083, // str w3, [x4]
            0xF10100FF, // cmp x7, #0x40
            0x54FFFD41, // b.ne . - 88
            0x17FFFFF9, // b . - 28
        ])
        { IsInteger = true },
        // while (lo < hi) { mid = (lo + hi) / 2; if (a[mid] < seed) lo = mid + 1; else hi = mid; }
        new("binary search in 1024",
        [
            0x529FFFA2, // mov w2, #0xfffd
            0xD2A00041, // mov x1, #0x20000
            0x52800000, // mov w0, #0x0
            0x72A007E2, // movk w2, #0x3f, lsl #16
            0xB8004420, // str w0, [x1], #4
            0x0B020000, // add w0, w0, w2
            0x3130001F, // cmn w0, #0xc00
            0x54FFFFA1, // b.ne . - 12
            0x528CC1A8, // mov w8, #0x660d
            0x529E6BE7, // mov w7, #0xf35f
            0xD2800005, // mov x5, #0x0
            0x52800024, // mov w4, #0x1
            0x72A00328, // movk w8, #0x19, lsl #16
            0x72A78DC7, // movk w7, #0x3c6e, lsl #16
            0xD2A00066, // mov x6, #0x30000
            0x14000003, // b . + 12
            0x8B2040A5, // add x5, x5, w0, uxtw
            0xF90000C5, // str x5, [x6]
            0x1B081C84, // madd w4, w4, w8, w7
            0x52808003, // mov w3, #0x400
            0x52800000, // mov w0, #0x0
            0x0B000062, // add w2, w3, w0
            0x6B00007F, // cmp w3, w0
            0x54FFFF29, // b.ls . - 28
            0x53017C41, // lsr w1, w2, #1
            0x53017C42, // lsr w2, w2, #1
            0xD37EF421, // lsl x1, x1, #2
            0x91408021, // add x1, x1, #0x20, lsl #12
            0xB9400021, // ldr w1, [x1]
            0x6B04003F, // cmp w1, w4
            0x54000063, // b.cc . + 12
            0x2A0203E3, // mov w3, w2
            0x17FFFFF5, // b . - 44
            0x11000440, // add w0, w2, #0x1
            0x17FFFFF3, // b . - 52
        ])
        { IsInteger = true },
        // for (x = n; x != 1; steps++) x = x & 1 ? 3 * x + 1 : x / 2;
        new("Collatz steps",
        [
            0xD2800003, // mov x3, #0x0
            0xD2A00065, // mov x5, #0x30000
            0xD284E206, // mov x6, #0x2710
            0xD2800044, // mov x4, #0x2
            0xF90000A3, // str x3, [x5]
            0xD503201F, // nop
            0xAA0403E0, // mov x0, x4
            0xD2800001, // mov x1, #0x0
            0xF240001F, // tst x0, #0x1
            0x8B000402, // add x2, x0, x0, lsl #1
            0xD341FC00, // lsr x0, x0, #1
            0x91000421, // add x1, x1, #0x1
            0x9A820400, // csinc x0, x0, x2, eq
            0xF100041F, // cmp x0, #0x1
            0x54FFFF41, // b.ne . - 24
            0xEB01007F, // cmp x3, x1
            0x91000484, // add x4, x4, #0x1
            0x9A812063, // csel x3, x3, x1, cs
            0xF90000A3, // str x3, [x5]
            0xEB06009F, // cmp x4, x6
            0x54FFFE41, // b.ne . - 56
            0x17FFFFEE, // b . - 72
        ])
        { IsInteger = true },
        // x ^= x << 13; x ^= x >> 7; x ^= x << 17; counts[x >> 54]++;
        new("xorshift histogram",
        [
            0xD28F4880, // mov x0, #0x7a44
            0xF2B977E0, // movk x0, #0xcbbf, lsl #16
            0xF2C811A0, // movk x0, #0x408d, lsl #32
            0xF2E02720, // movk x0, #0x139, lsl #48
            0xCA003400, // eor x0, x0, x0, lsl #13
            0xCA401C00, // eor x0, x0, x0, lsr #7
            0xCA004400, // eor x0, x0, x0, lsl #17
            0xD376FC01, // lsr x1, x0, #54
            0xD37EF421, // lsl x1, x1, #2
            0x91408021, // add x1, x1, #0x20, lsl #12
            0xB9400022, // ldr w2, [x1]
            0x11000442, // add w2, w2, #0x1
            0xB9000022, // str w2, [x1]
            0x17FFFFF7, // b . - 36
        ])
        { IsInteger = true },
        // v -= v >> 1 & 0x55…; v = (v & 0x33…) + (v >> 2 & 0x33…); v = (v + (v >> 4)) & 0x0f…; sum += v * 0x01… >> 56;
        new("bits set in 512 words",
        [
            0xD28F4880, // mov x0, #0x7a44
            0xD2A00041, // mov x1, #0x20000
            0xF2B977E0, // movk x0, #0xcbbf, lsl #16
            0xF2C811A0, // movk x0, #0x408d, lsl #32
            0xF2E02720, // movk x0, #0x139, lsl #48
            0xCA003400, // eor x0, x0, x0, lsl #13
            0xCA401C00, // eor x0, x0, x0, lsr #7
            0xCA004400, // eor x0, x0, x0, lsl #17
            0xF8008420, // str x0, [x1], #8
            0xF140843F, // cmp x1, #0x21, lsl #12
            0x54FFFF61, // b.ne . - 20
            0xD2A00063, // mov x3, #0x30000
            0xD2A00041, // mov x1, #0x20000
            0xD2800002, // mov x2, #0x0
            0xFC408420, // ldr d0, [x1], #8
            0x0E205800, // cnt v0.8b, v0.8b
            0x0E31B800, // addv b0, v0.8b
            0x9E660000, // fmov x0, d0
            0x8B000042, // add x2, x2, x0
            0xF140843F, // cmp x1, #0x21, lsl #12
            0x54FFFF41, // b.ne . - 24
            0xF9000062, // str x2, [x3]
            0x17FFFFF6, // b . - 40
        ])
        { IsInteger = true },
        // for (k = 0; k < 16; k++) s += a[i * 16 + k] * b[k * 16 + j];
        new("matrix product 16 by 16, integers",
        [
            0xD2A00041, // mov x1, #0x20000
            0xD2800002, // mov x2, #0x0
            0x52800000, // mov w0, #0x0
            0x52802AA3, // mov w3, #0x155
            0x4A030004, // eor w4, w0, w3
            0x11000400, // add w0, w0, #0x1
            0xF9000022, // str x2, [x1]
            0x91001C42, // add x2, x2, #0x7
            0xF9080024, // str x4, [x1, #4096]
            0x91002021, // add x1, x1, #0x8
            0x7104001F, // cmp w0, #0x100
            0x54FFFF21, // b.ne . - 28
            0xD2811009, // mov x9, #0x880
            0xF2A00049, // movk x9, #0x2, lsl #16
            0xD2801005, // mov x5, #0x80
            0xF2A00045, // movk x5, #0x2, lsl #16
            0xD2820006, // mov x6, #0x1000
            0xD10200A8, // sub x8, x5, #0x80
            0xF2A00046, // movk x6, #0x2, lsl #16
            0x52800007, // mov w7, #0x0
            0xAA0803E0, // mov x0, x8
            0xAA0603E2, // mov x2, x6
            0xD2800001, // mov x1, #0x0
            0xD503201F, // nop
            0xF8408404, // ldr x4, [x0], #8
            0xF8480443, // ldr x3, [x2], #128
            0x9B030481, // madd x1, x4, x3, x1
            0xEB0000BF, // cmp x5, x0
            0x54FFFF81, // b.ne . - 16
            0x8B0600A0, // add x0, x5, x6
            0x110004E7, // add w7, w7, #0x1
            0xD1408000, // sub x0, x0, #0x20, lsl #12
            0x910020C6, // add x6, x6, #0x8
            0xF907C001, // str x1, [x0, #3968]
            0x710040FF, // cmp w7, #0x10
            0x54FFFE21, // b.ne . - 60
            0x910200A5, // add x5, x5, #0x80
            0xEB0900BF, // cmp x5, x9
            0x54FFFD41, // b.ne . - 88
            0x17FFFFE7, // b . - 100
        ])
        { IsInteger = true },
    ];
}
