namespace Meanwhile.Arm64.Translator.X64;

/// <content>VEX-encoded instructions of 128 bits, by the form of their operands: see <see cref="VectorOp"/> for what there is.</content>
/// <remarks>Destinations come first. Memory operands need no alignment.</remarks>
internal sealed unsafe partial class Assembler
{
    /// <summary>op x, x, x.</summary>
    public void Vector(VectorOp op, VectorRegister to, VectorRegister left, VectorRegister right) =>
        VexRegister(op, (int)to, (int)left, (int)right);

    /// <summary>op x, x, [m].</summary>
    public void Vector(VectorOp op, VectorRegister to, VectorRegister left, in Memory right) => VexMemory(op, (int)to, (int)left, right);

    /// <summary>op x, x, x, constant.</summary>
    public void Vector(VectorOp op, VectorRegister to, VectorRegister left, VectorRegister right, int immediate)
    {
        VexRegister(op, (int)to, (int)left, (int)right);
        Byte(immediate);
    }

    /// <summary>op x, x, [m], constant.</summary>
    public void Vector(VectorOp op, VectorRegister to, VectorRegister left, in Memory right, int immediate)
    {
        VexMemory(op, (int)to, (int)left, right);
        Byte(immediate);
    }

    /// <summary>op x, x, x, x: <paramref name="right"/> where the lanes of <paramref name="by"/> have their highest bit set, else <paramref name="left"/>.</summary>
    public void VectorBlend(VectorOp op, VectorRegister to, VectorRegister left, VectorRegister right, VectorRegister by) =>
        Vector(op, to, left, right, (int)by << 4);

    /// <summary>op x, x, r: of an instruction with a general-purpose source.</summary>
    public void Vector(VectorOp op, VectorRegister to, VectorRegister left, Register right) => VexRegister(op, (int)to, (int)left, (int)right);

    /// <summary>op x, x, r, constant: PINSRx.</summary>
    public void Vector(VectorOp op, VectorRegister to, VectorRegister left, Register right, int immediate)
    {
        VexRegister(op, (int)to, (int)left, (int)right);
        Byte(immediate);
    }

    /// <summary>op x, x.</summary>
    public void VectorUnary(VectorOp op, VectorRegister to, VectorRegister from) => VexRegister(op, (int)to, 0, (int)from);

    /// <summary>op x, [m].</summary>
    public void VectorUnary(VectorOp op, VectorRegister to, in Memory from) => VexMemory(op, (int)to, 0, from);

    /// <summary>op x, x, constant.</summary>
    public void VectorUnary(VectorOp op, VectorRegister to, VectorRegister from, int immediate)
    {
        VexRegister(op, (int)to, 0, (int)from);
        Byte(immediate);
    }

    /// <summary>op x, [m], constant.</summary>
    public void VectorUnary(VectorOp op, VectorRegister to, in Memory from, int immediate)
    {
        VexMemory(op, (int)to, 0, from);
        Byte(immediate);
    }

    /// <summary>op x, r: MOVD and MOVQ.</summary>
    public void VectorUnary(VectorOp op, VectorRegister to, Register from) => VexRegister(op, (int)to, 0, (int)from);

    /// <summary>op r, x, of an instruction whose destination is ModRM.reg: PMOVMSKB, CVTTSD2SI.</summary>
    public void VectorToGeneral(VectorOp op, Register to, VectorRegister from) => VexRegister(op, (int)to, 0, (int)from);

    /// <summary>op r, x, of an instruction whose destination is ModRM.rm: MOVD, MOVQ.</summary>
    public void VectorMoveOut(VectorOp op, Register to, VectorRegister from) => VexRegister(op, (int)from, 0, (int)to);

    /// <summary>op r, x, constant, of an instruction whose destination is ModRM.rm: PEXTRx.</summary>
    public void VectorMoveOut(VectorOp op, Register to, VectorRegister from, int immediate)
    {
        VexRegister(op, (int)from, 0, (int)to);
        Byte(immediate);
    }

    /// <summary>op [m], x, constant: PEXTRx.</summary>
    public void VectorMoveOut(VectorOp op, in Memory to, VectorRegister from, int immediate)
    {
        VexMemory(op, (int)from, 0, to);
        Byte(immediate);
    }

    /// <summary>Shift by a constant, not taken modulo the lane's size.</summary>
    public void VectorShiftImmediate(VectorShift op, VectorRegister to, VectorRegister from, int count)
    {
        VexRegister((VectorOp)(0x0_1_1_00 | ((int)op & 0xFF)), (int)op >> 8, (int)to, (int)from);
        Byte(count);
    }

    /// <summary>op x, x, [RIP + displacement] of data that <see cref="Bind"/> places later; the place of its displacement is returned.</summary>
    public byte* VectorForward(VectorOp op, VectorRegister to, VectorRegister left)
    {
        Vex(op, (int)to, (int)left, 0, 0);
        Byte(0x05 | ((int)to & 7) << 3);
        Word32(0);
        return at - sizeof(int);
    }

    /// <summary>Data among the code.</summary>
    public void Data(ulong value) => Word64(value);

    private void VexRegister(VectorOp op, int reg, int second, int rm)
    {
        Vex(op, reg, second, 0, rm);
        Byte(0xC0 | (reg & 7) << 3 | (rm & 7));
    }

    private void VexMemory(VectorOp op, int reg, int second, in Memory m)
    {
        Vex(op, reg, second, m.HasIndex ? m.IndexCode : 0, (int)m.Base);
        Address32(reg, m);
    }

    /// <summary>Prefix, in two bytes where it fits, and opcode (SDM 2.3.5). Extension bits and the second operand are inverted.</summary>
    private void Vex(VectorOp op, int reg, int second, int index, int rm)
    {
        int wide = (int)op >> 16 & 1, prefix = (int)op >> 12 & 3, map = (int)op >> 8 & 3;
        if (map == 1 && wide == 0 && ((index | rm) & 8) == 0)
        {
            Byte(0xC5);
            Byte((~reg >> 3 & 1) << 7 | (~second & 15) << 3 | prefix);
        }
        else
        {
            Byte(0xC4);
            Byte((~reg >> 3 & 1) << 7 | (~index >> 3 & 1) << 6 | (~rm >> 3 & 1) << 5 | map);
            Byte(wide << 7 | (~second & 15) << 3 | prefix);
        }
        Byte((int)op);
    }
}
