using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Tests.Translator.HostListing;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>VEX-encoded instructions: each operation in its form, with operands that need each of the prefix's bits.</summary>
public unsafe class Assembler_Vector_Tests
{
    private static readonly HashSet<VectorOp> Unary =
    [
        VectorOp.Pabsb, VectorOp.Pabsw, VectorOp.Pabsd, VectorOp.Ptest, VectorOp.Movdqa, VectorOp.Movdqu, VectorOp.Movq,
        VectorOp.Pmovsxbw, VectorOp.Pmovsxwd, VectorOp.Pmovsxdq, VectorOp.Pmovzxbw, VectorOp.Pmovzxwd, VectorOp.Pmovzxdq,
        VectorOp.Pbroadcastb, VectorOp.Pbroadcastw, VectorOp.Pbroadcastd, VectorOp.Pbroadcastq,
    ];

    private static readonly HashSet<VectorOp> UnaryWithConstant = [VectorOp.Pshufd, VectorOp.Pshuflw, VectorOp.Pshufhw];

    private static readonly HashSet<VectorOp> WithConstant =
    [
        VectorOp.Palignr, VectorOp.Pblendw, VectorOp.Shufps, VectorOp.Shufpd, VectorOp.Insertps, VectorOp.Gf2p8affineqb, VectorOp.Pclmulqdq,
    ];

    private static readonly HashSet<VectorOp> Blends = [VectorOp.Pblendvb, VectorOp.Blendvps, VectorOp.Blendvpd];

    private static readonly HashSet<VectorOp> WithGeneral =
    [
        VectorOp.Pmovmskb, VectorOp.MovdToGeneral, VectorOp.MovqToGeneral, VectorOp.MovdFromGeneral, VectorOp.MovqFromGeneral, VectorOp.Pinsrb,
        VectorOp.Pinsrw, VectorOp.Pinsrd, VectorOp.Pinsrq, VectorOp.Pextrb, VectorOp.Pextrw, VectorOp.Pextrd, VectorOp.Pextrq,
    ];

    private static readonly VectorRegister[] Vectors = [VectorRegister.Xmm0, VectorRegister.Xmm5, VectorRegister.Xmm8, VectorRegister.Xmm15];

    private static readonly Register[] Generals = [Register.Rax, Register.Rsi, Register.R8, Register.R15];

    private static readonly Memory[] Memories =
    [
        new(Register.Rax), new(Register.Rbp), new(Register.Rbp, -128), new(Register.Rbp, 128), new(Register.Rsp, 8), new(Register.R12, 0x1234),
        new(Register.R13), new(Register.Rax, Register.Rcx, 0), new(Register.R14, Register.R9, 3, -5), new(Register.Rbx, Register.R15, 2, 0x800),
    ];

    private readonly HostListing listing = new();

    public static TheoryData<string> ThreeOperands => [.. Enum.GetValues<VectorOp>()
        .Where(op => !Unary.Contains(op) && !UnaryWithConstant.Contains(op) && !WithConstant.Contains(op) && !WithGeneral.Contains(op) && !Blends.Contains(op))
        .Select(op => op.ToString())];

    public static TheoryData<string> ThreeOperandsWithConstant => [.. WithConstant.Select(op => op.ToString())];

    public static TheoryData<string> OneOperand => [.. Unary.Select(op => op.ToString())];

    public static TheoryData<string> OneOperandWithConstant => [.. UnaryWithConstant.Select(op => op.ToString())];

    public static TheoryData<string> Shifts => [.. Enum.GetValues<VectorShift>().Select(op => op.ToString())];

    [Theory]
    [MemberData(nameof(ThreeOperands))]
    public void Three_operands(string name)
    {
        VectorOp op = Enum.Parse<VectorOp>(name);
        foreach (VectorRegister to in Vectors)
        {
            foreach (VectorRegister left in Vectors)
            {
                foreach (VectorRegister right in Vectors)
                    Expect($"{Mnemonic(op)} {Name(to)},{Name(left)},{Name(right)}", a => a.Vector(op, to, left, right));
                foreach (Memory m in Memories)
                    Expect($"{Mnemonic(op)} {Name(to)},{Name(left)},{Text(m)}", a => a.Vector(op, to, left, m));
            }
        }
    }

    [Theory]
    [MemberData(nameof(ThreeOperandsWithConstant))]
    public void Three_operands_and_a_constant(string name)
    {
        VectorOp op = Enum.Parse<VectorOp>(name);
        foreach (VectorRegister to in Vectors)
        {
            foreach (VectorRegister right in Vectors)
                Expect($"{Mnemonic(op)} {Name(to)},xmm9,{Name(right)},0x81", a => a.Vector(op, to, VectorRegister.Xmm9, right, 0x81));
            foreach (Memory m in Memories)
                Expect($"{Mnemonic(op)} {Name(to)},xmm9,{Text(m)},0x81", a => a.Vector(op, to, VectorRegister.Xmm9, m, 0x81));
        }
    }

    [Theory]
    [MemberData(nameof(OneOperand))]
    public void One_operand(string name)
    {
        VectorOp op = Enum.Parse<VectorOp>(name);
        foreach (VectorRegister to in Vectors)
        {
            foreach (VectorRegister from in Vectors)
                Expect($"{Mnemonic(op)} {Name(to)},{Name(from)}", a => a.VectorUnary(op, to, from));
            foreach (Memory m in Memories)
                Expect($"{Mnemonic(op)} {Name(to)},{Text(m)}", a => a.VectorUnary(op, to, m));
        }
    }

    [Theory]
    [MemberData(nameof(OneOperandWithConstant))]
    public void One_operand_and_a_constant(string name)
    {
        VectorOp op = Enum.Parse<VectorOp>(name);
        foreach (VectorRegister to in Vectors)
        {
            foreach (VectorRegister from in Vectors)
                Expect($"{Mnemonic(op)} {Name(to)},{Name(from)},0xb1", a => a.VectorUnary(op, to, from, 0xB1));
            foreach (Memory m in Memories)
                Expect($"{Mnemonic(op)} {Name(to)},{Text(m)},0xb1", a => a.VectorUnary(op, to, m, 0xB1));
        }
    }

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Shifts_by_a_constant(string name)
    {
        VectorShift op = Enum.Parse<VectorShift>(name);
        foreach (VectorRegister to in Vectors)
        {
            foreach (VectorRegister from in Vectors)
                Expect($"v{name.ToLowerInvariant()} {Name(to)},{Name(from)},0x3f", a => a.VectorShiftImmediate(op, to, from, 63));
        }
    }

    [Fact]
    public void Moves_between_vectors_and_general_registers()
    {
        foreach (VectorRegister x in Vectors)
        {
            foreach (Register r in Generals)
            {
                Expect($"vmovd {Name(x)},{Name32(r)}", a => a.VectorUnary(VectorOp.MovdFromGeneral, x, r));
                Expect($"vmovq {Name(x)},{Name(r)}", a => a.VectorUnary(VectorOp.MovqFromGeneral, x, r));
                Expect($"vmovd {Name32(r)},{Name(x)}", a => a.VectorMoveOut(VectorOp.MovdToGeneral, r, x));
                Expect($"vmovq {Name(r)},{Name(x)}", a => a.VectorMoveOut(VectorOp.MovqToGeneral, r, x));
                Expect($"vpmovmskb {Name32(r)},{Name(x)}", a => a.VectorToGeneral(VectorOp.Pmovmskb, r, x));
                Expect($"vpinsrb {Name(x)},xmm3,{Name32(r)},0xd", a => a.Vector(VectorOp.Pinsrb, x, VectorRegister.Xmm3, r, 13));
                Expect($"vpinsrw {Name(x)},xmm3,{Name32(r)},0x7", a => a.Vector(VectorOp.Pinsrw, x, VectorRegister.Xmm3, r, 7));
                Expect($"vpinsrd {Name(x)},xmm3,{Name32(r)},0x2", a => a.Vector(VectorOp.Pinsrd, x, VectorRegister.Xmm3, r, 2));
                Expect($"vpinsrq {Name(x)},xmm3,{Name(r)},0x1", a => a.Vector(VectorOp.Pinsrq, x, VectorRegister.Xmm3, r, 1));
                Expect($"vpextrb {Name32(r)},{Name(x)},0xd", a => a.VectorMoveOut(VectorOp.Pextrb, r, x, 13));
                Expect($"vpextrw {Name32(r)},{Name(x)},0x7", a => a.VectorMoveOut(VectorOp.Pextrw, r, x, 7));
                Expect($"vpextrd {Name32(r)},{Name(x)},0x2", a => a.VectorMoveOut(VectorOp.Pextrd, r, x, 2));
                Expect($"vpextrq {Name(r)},{Name(x)},0x1", a => a.VectorMoveOut(VectorOp.Pextrq, r, x, 1));
            }
            foreach (Memory m in Memories)
            {
                Expect($"vpinsrb {Name(x)},xmm3,{Text(m)},0xd", a => a.Vector(VectorOp.Pinsrb, x, VectorRegister.Xmm3, m, 13));
                Expect($"vpinsrq {Name(x)},xmm3,{Text(m)},0x1", a => a.Vector(VectorOp.Pinsrq, x, VectorRegister.Xmm3, m, 1));
                Expect($"vpextrb {Text(m)},{Name(x)},0xd", a => a.VectorMoveOut(VectorOp.Pextrb, m, x, 13));
                Expect($"vpextrw {Text(m)},{Name(x)},0x7", a => a.VectorMoveOut(VectorOp.Pextrw, m, x, 7));
                Expect($"vpextrd {Text(m)},{Name(x)},0x2", a => a.VectorMoveOut(VectorOp.Pextrd, m, x, 2));
                Expect($"vpextrq {Text(m)},{Name(x)},0x1", a => a.VectorMoveOut(VectorOp.Pextrq, m, x, 1));
            }
        }
    }

    [Fact]
    public void Blends_by_a_register()
    {
        foreach (VectorOp op in Blends)
            Expect($"{Mnemonic(op)} xmm9,xmm2,xmm12,xmm14", a => a.VectorBlend(op, VectorRegister.Xmm9, VectorRegister.Xmm2, VectorRegister.Xmm12, VectorRegister.Xmm14));
    }

    [Fact]
    public void Data_behind_the_code_is_found_through_RIP()
    {
        string line = listing.Of(a =>
        {
            byte* place = a.VectorForward(VectorOp.Pshufb, VectorRegister.Xmm11, VectorRegister.Xmm4);
            a.Return();
            a.Bind(place);
        })[0];
        Assert.Equal("vpshufb xmm11,xmm4,[rip+0x1]", line);
    }

    private static string Mnemonic(VectorOp op) => "v" + op.ToString().ToLowerInvariant();

    private static string Name32(Register r) => r >= Register.R8 ? Name(r) + "d" : "e" + Name(r)[1..];

    private void Expect(string text, Action<Assembler> emit) => Assert.Equal(text, Assert.Single(listing.Of(emit)));
}
