namespace Meanwhile.Arm64.Translator.X64;

/// <content>What floating-point code needs besides the forms of vector instructions.</content>
internal sealed unsafe partial class Assembler
{
    /// <summary>CMP r8, r8.</summary>
    public void CompareByte(Register a, Register b) => RegisterForm(0x3A, false, (int)a, (int)b, force: a >= Register.Rsp || b >= Register.Rsp);
}
