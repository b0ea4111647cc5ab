namespace Meanwhile.Arm64.Bench;

/// <content>Floating-point loops.</content>
internal sealed partial record Workload
{
    private static Workload[] FloatingPoint =>
    [
        new("double dot product",
        [
            0x1E6E1001, // fmov d1, #1.0
            0x1E611002, // fmov d2, #3.0
            0x1E621823, // fdiv d3, d1, d2
            0x10080001, // adr x1, . + 0x10000
            0xAA0103E3, // mov x3, x1
            0xD2804004, // mov x4, #0x200
            0xFC008463, // str d3, [x3], #8
            0x1E612863, // fadd d3, d3, d1
            0xF1000484, // subs x4, x4, #0x1
            0x54FFFFA1, // b.ne . - 12
            0xAA0103E2, // mov x2, x1
            0xD2802004, // mov x4, #0x100
            0x9E6703E0, // fmov d0, xzr
            0xFC408444, // ldr d4, [x2], #8
            0xFC408445, // ldr d5, [x2], #8
            0x1F450080, // fmadd d0, d4, d5, d0
            0xF1000484, // subs x4, x4, #0x1
            0x54FFFF81, // b.ne . - 16
            0x17FFFFF8, // b . - 32
        ]),
        new("mandelbrot loop, doubles",
        [
            0x1E781001, // fmov d1, #-0.125
            0x1E689002, // fmov d2, #0.15625
            0x1E621009, // fmov d9, #4.0
            0x1E61100A, // fmov d10, #3.0
            0x1E6A1821, // fdiv d1, d1, d10
            0x9E6703E3, // fmov d3, xzr
            0x9E6703E4, // fmov d4, xzr
            0xD2807D04, // mov x4, #0x3e8
            0x1E630865, // fmul d5, d3, d3
            0x1E640886, // fmul d6, d4, d4
            0x1E6628A7, // fadd d7, d5, d6
            0x1E6920E0, // fcmp d7, d9
            0x54FFFF2C, // b.gt . - 28
            0x1E640864, // fmul d4, d3, d4
            0x1E6638A5, // fsub d5, d5, d6
            0x1E642884, // fadd d4, d4, d4
            0x1E6128A3, // fadd d3, d5, d1
            0x1E622884, // fadd d4, d4, d2
            0xF1000484, // subs x4, x4, #0x1
            0x54FFFEA1, // b.ne . - 44
            0x17FFFFF1, // b . - 60
        ]),
        new("matrix product 4 by 4, vectors of singles",
        [
            0x52800060, // mov w0, #0x3
            0x1E220000, // scvtf s0, w0
            0x1E2E1001, // fmov s1, #1.0
            0x1E201820, // fdiv s0, s1, s0
            0x10080001, // adr x1, . + 0x10000
            0xAA0103E3, // mov x3, x1
            0xD2800804, // mov x4, #0x40
            0xBC004460, // str s0, [x3], #4
            0x1E212800, // fadd s0, s0, s1
            0xF1000484, // subs x4, x4, #0x1
            0x54FFFFA1, // b.ne . - 12
            0xAD400420, // ldp q0, q1, [x1]
            0xAD410C22, // ldp q2, q3, [x1, #32]
            0x91010022, // add x2, x1, #0x40
            0xD2800084, // mov x4, #0x4
            0x3DC00044, // ldr q4, [x2]
            0x4F849005, // fmul v5.4s, v0.4s, v4.s[0]
            0x4FA41025, // fmla v5.4s, v1.4s, v4.s[1]
            0x4F841845, // fmla v5.4s, v2.4s, v4.s[2]
            0x4FA41865, // fmla v5.4s, v3.4s, v4.s[3]
            0x3D802045, // str q5, [x2, #128]
            0x91004042, // add x2, x2, #0x10
            0xF1000484, // subs x4, x4, #0x1
            0x54FFFF01, // b.ne . - 32
            0x17FFFFF3, // b . - 52
        ]),
        new("conversions and roots, doubles",
        [
            0x1E649002, // fmov d2, #10.0
            0xD2800001, // mov x1, #0x0
            0x9E620020, // scvtf d0, x1
            0x1E621801, // fdiv d1, d0, d2
            0x1E654023, // frintm d3, d1
            0x9E780022, // fcvtzs x2, d1
            0x1E633824, // fsub d4, d1, d3
            0x1E60C085, // fabs d5, d4
            0x1E61C0A6, // fsqrt d6, d5
            0x1E6420C0, // fcmp d6, d4
            0x1E64CCC7, // fcsel d7, d6, d4, gt
            0x1E6240E8, // fcvt s8, d7
            0x91000421, // add x1, x1, #0x1
            0x17FFFFF5, // b . - 44
        ]),
    ];
}
