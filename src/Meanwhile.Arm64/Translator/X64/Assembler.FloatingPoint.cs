namespace Meanwhile.Arm64.Translator.X64;

/// <content>What floating-point code needs besides the forms of vector instructions.</content>
internal sealed unsafe partial class Assembler
{
    /// <summary>op x, x, [RIP + displacement] of data in reach.</summary>
    public void VectorAt(VectorOp op, VectorRegister to, VectorRegister left, nint data)
    {
        Vex(op, (int)to, (int)left, 0, 0);
        Byte(0x05 | ((int)to & 7) << 3);
        Word32((int)(data - (Address + sizeof(int))));
    }

    /// <summary>CMP r8, r8.</summary>
    public void CompareByte(Register a, Register b) => RegisterForm(0x3A, false, (int)a, (int)b, force: a >= Register.Rsp || b >= Register.Rsp);
}
