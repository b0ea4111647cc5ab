namespace Meanwhile.Arm64.Translator.X64;

/// <summary>
/// An instruction with vector operands in its VEX encoding of 128 bits (SDM 2.3). Hex digits: VEX.W, then the prefix (0 none, 1 for 66,
/// 2 for F3, 3 for F2), the map (1 for 0F, 2 for 0F 38, 3 for 0F 3A), and two of the opcode. All need AVX, and what is said beside them.
/// </summary>
internal enum VectorOp
{
#pragma warning disable CS1591 // The architecture's names.

    // Integer arithmetic
    Paddb = 0x0_1_1_FC,
    Paddw = 0x0_1_1_FD,
    Paddd = 0x0_1_1_FE,
    Paddq = 0x0_1_1_D4,
    Psubb = 0x0_1_1_F8,
    Psubw = 0x0_1_1_F9,
    Psubd = 0x0_1_1_FA,
    Psubq = 0x0_1_1_FB,
    Paddsb = 0x0_1_1_EC,
    Paddsw = 0x0_1_1_ED,
    Paddusb = 0x0_1_1_DC,
    Paddusw = 0x0_1_1_DD,
    Psubsb = 0x0_1_1_E8,
    Psubsw = 0x0_1_1_E9,
    Psubusb = 0x0_1_1_D8,
    Psubusw = 0x0_1_1_D9,
    Pavgb = 0x0_1_1_E0,
    Pavgw = 0x0_1_1_E3,
    Pabsb = 0x0_1_2_1C,
    Pabsw = 0x0_1_2_1D,
    Pabsd = 0x0_1_2_1E,
    Psadbw = 0x0_1_1_F6,
    Pmullw = 0x0_1_1_D5,
    Pmulld = 0x0_1_2_40,
    Pmulhw = 0x0_1_1_E5,
    Pmulhuw = 0x0_1_1_E4,
    Pmulhrsw = 0x0_1_2_0B,
    Pmuludq = 0x0_1_1_F4,
    Pmuldq = 0x0_1_2_28,
    Pmaddwd = 0x0_1_1_F5,
    Pmaddubsw = 0x0_1_2_04,
    Phaddw = 0x0_1_2_01,
    Phaddd = 0x0_1_2_02,

    /// <summary>Needs PCLMULQDQ.</summary>
    Pclmulqdq = 0x0_1_3_44,

    // Minimum, maximum, comparison
    Pminub = 0x0_1_1_DA,
    Pminuw = 0x0_1_2_3A,
    Pminud = 0x0_1_2_3B,
    Pminsb = 0x0_1_2_38,
    Pminsw = 0x0_1_1_EA,
    Pminsd = 0x0_1_2_39,
    Pmaxub = 0x0_1_1_DE,
    Pmaxuw = 0x0_1_2_3E,
    Pmaxud = 0x0_1_2_3F,
    Pmaxsb = 0x0_1_2_3C,
    Pmaxsw = 0x0_1_1_EE,
    Pmaxsd = 0x0_1_2_3D,
    Pcmpeqb = 0x0_1_1_74,
    Pcmpeqw = 0x0_1_1_75,
    Pcmpeqd = 0x0_1_1_76,
    Pcmpeqq = 0x0_1_2_29,
    Pcmpgtb = 0x0_1_1_64,
    Pcmpgtw = 0x0_1_1_65,
    Pcmpgtd = 0x0_1_1_66,
    Pcmpgtq = 0x0_1_2_37,

    // Bitwise
    Pand = 0x0_1_1_DB,
    Pandn = 0x0_1_1_DF,
    Por = 0x0_1_1_EB,
    Pxor = 0x0_1_1_EF,
    Ptest = 0x0_1_2_17,
    Pmovmskb = 0x0_1_1_D7,

    // Shifts by a count that all lanes share: the low 64 bits of the second source
    Psllw = 0x0_1_1_F1,
    Pslld = 0x0_1_1_F2,
    Psllq = 0x0_1_1_F3,
    Psrlw = 0x0_1_1_D1,
    Psrld = 0x0_1_1_D2,
    Psrlq = 0x0_1_1_D3,
    Psraw = 0x0_1_1_E1,
    Psrad = 0x0_1_1_E2,

    // Shifts with a count a lane: AVX2
    Psllvd = 0x0_1_2_47,
    Psllvq = 0x1_1_2_47,
    Psrlvd = 0x0_1_2_45,
    Psrlvq = 0x1_1_2_45,
    Psravd = 0x0_1_2_46,

    // Rearrangement
    Punpcklbw = 0x0_1_1_60,
    Punpcklwd = 0x0_1_1_61,
    Punpckldq = 0x0_1_1_62,
    Punpcklqdq = 0x0_1_1_6C,
    Punpckhbw = 0x0_1_1_68,
    Punpckhwd = 0x0_1_1_69,
    Punpckhdq = 0x0_1_1_6A,
    Punpckhqdq = 0x0_1_1_6D,
    Packsswb = 0x0_1_1_63,
    Packssdw = 0x0_1_1_6B,
    Packuswb = 0x0_1_1_67,
    Packusdw = 0x0_1_2_2B,
    Pshufb = 0x0_1_2_00,
    Pshufd = 0x0_1_1_70,
    Pshuflw = 0x0_3_1_70,
    Pshufhw = 0x0_2_1_70,
    Palignr = 0x0_1_3_0F,
    Pblendw = 0x0_1_3_0E,
    Shufps = 0x0_0_1_C6,
    Shufpd = 0x0_1_1_C6,
    Insertps = 0x0_1_3_21,

    // Blends by the highest bit of each lane of a third source, whose number is the upper half of the constant
    Pblendvb = 0x0_1_3_4C,
    Blendvps = 0x0_1_3_4A,
    Blendvpd = 0x0_1_3_4B,

    // Widening
    Pmovsxbw = 0x0_1_2_20,
    Pmovsxwd = 0x0_1_2_23,
    Pmovsxdq = 0x0_1_2_25,
    Pmovzxbw = 0x0_1_2_30,
    Pmovzxwd = 0x0_1_2_33,
    Pmovzxdq = 0x0_1_2_35,

    // Copies into all lanes: AVX2
    Pbroadcastb = 0x0_1_2_78,
    Pbroadcastw = 0x0_1_2_79,
    Pbroadcastd = 0x0_1_2_58,
    Pbroadcastq = 0x0_1_2_59,

    // Moves. Movq of a register clears the upper half.
    Movdqa = 0x0_1_1_6F,
    Movdqu = 0x0_2_1_6F,
    Movq = 0x0_2_1_7E,
    MovdToGeneral = 0x0_1_1_7E,
    MovqToGeneral = 0x1_1_1_7E,
    MovdFromGeneral = 0x0_1_1_6E,
    MovqFromGeneral = 0x1_1_1_6E,
    Pinsrb = 0x0_1_3_20,
    Pinsrw = 0x0_1_1_C4,
    Pinsrd = 0x0_1_3_22,
    Pinsrq = 0x1_1_3_22,
    Pextrb = 0x0_1_3_14,
    Pextrw = 0x0_1_3_15,
    Pextrd = 0x0_1_3_16,
    Pextrq = 0x1_1_3_16,

    // Galois field: GFNI
    Gf2p8affineqb = 0x1_1_3_CE,
#pragma warning restore CS1591
}

/// <summary>A shift of a vector by a constant, by its encoding: /n, then the opcode (map 0F, prefix 66).</summary>
internal enum VectorShift
{
#pragma warning disable CS1591 // The architecture's names.
    Psrlw = 0x2_71,
    Psraw = 0x4_71,
    Psllw = 0x6_71,
    Psrld = 0x2_72,
    Psrad = 0x4_72,
    Pslld = 0x6_72,
    Psrlq = 0x2_73,
    Psrldq = 0x3_73,
    Psllq = 0x6_73,
    Pslldq = 0x7_73,
#pragma warning restore CS1591
}
