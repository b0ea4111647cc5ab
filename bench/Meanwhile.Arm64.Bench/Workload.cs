namespace Meanwhile.Arm64.Bench;

/// <summary>An endless loop of guest instructions, position independent.</summary>
internal sealed partial record Workload(string Name, uint[] Words)
{
    public static readonly Workload[] All =
    [
        new("integer loop of 8",
        [
            0xD2800020, // mov x0, #1
            0x8B010002, // 1: add x2, x0, x1
            0xCA020C43, // eor x3, x2, x2, lsl #3
            0xD345FC64, // lsr x4, x3, #5
            0x92401C85, // and x5, x4, #0xff
            0x9B047CA6, // mul x6, x5, x4
            0x8B060021, // add x1, x1, x6
            0xF10004E7, // subs x7, x7, #1
            0x54FFFF21, // b.ne 1b
            0x17FFFFF8, // b 1b
        ])
        { IsInteger = true },
        new("count down, loop of 2",
        [
            0xF1000400, // 1: subs x0, x0, #1
            0x54FFFFE1, // b.ne 1b
            0x17FFFFFE, // b 1b
        ])
        { IsInteger = true },
        new("call and return in one page",
        [
            0x94000004, // 1: bl f
            0x91000421, // add x1, x1, #1
            0x17FFFFFE, // b 1b
            0xD503201F, // nop
            0x91000400, // f: add x0, x0, #1
            0xD65F03C0, // ret
        ]),
        new("call and return between pages",
        [
            0x94000400, // 1: bl f
            0x91000421, // add x1, x1, #1
            0x17FFFFFE, // b 1b
            .. Enumerable.Repeat(0u, 1021),
            0x91000400, // f: add x0, x0, #1
            0xD65F03C0, // ret
        ]),
        new("code that is decoded each time",
        [
            .. Enumerable.Range(0, 1000).Select(n => (n % 4) switch
            {
                0 => 0x91000400, // add x0, x0, #1
                1 => 0xCA020C43, // eor x3, x2, x2, lsl #3
                2 => 0xD345FC64, // lsr x4, x3, #5
                _ => 0x54000021u, // b.ne . + 4
            }),
            0xD508751F, // ic iallu
            0x17FFFC17, // b to the start
        ]),
        new("loads and stores, loop of 6",
        [
            0x10080001, // adr x1, . + 0x10000
            0xF9400022, // 1: ldr x2, [x1]
            0x91000442, // add x2, x2, #1
            0xF9000022, // str x2, [x1]
            0xA9410C24, // ldp x4, x3, [x1, #16]
            0xF1000400, // subs x0, x0, #1
            0x54FFFF61, // b.ne 1b
            0x17FFFFFA, // b 1b
        ])
        { IsInteger = true },
        .. Compiled,
        .. FloatingPoint,
    ];

    /// <summary>Counts for the mean of integer loops.</summary>
    public bool IsInteger { get; init; }
}
