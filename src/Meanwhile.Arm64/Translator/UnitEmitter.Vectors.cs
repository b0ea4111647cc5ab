using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <content>V registers as operands, and constants of 16 bytes, which stand behind the unit's code.</content>
internal sealed unsafe partial class UnitEmitter
{
    private readonly List<(nint Site, ulong Low, ulong High)> vectorConstants = [];

    /// <summary>A V register into a host register.</summary>
    public void LoadVector(VectorRegister to, int n) => LoadVector(16, to, n);

    /// <summary>The low 4, 8 or 16 bytes of a V register into a host register; the rest becomes zero.</summary>
    public void LoadVector(int size, VectorRegister to, int n)
    {
        if (size >= 8 && TryCopy(n, out VectorRegister copy))
            A.VectorUnary(size == 8 ? VectorOp.Movq : VectorOp.Movdqa, to, copy);
        else
            A.LoadVector(size, to, HostLayout.Vector(n));
    }

    /// <summary>A host register into a V register, all of it.</summary>
    public void StoreVector(int d, VectorRegister from)
    {
        A.StoreVector(16, HostLayout.Vector(d), from);
        Copy(d, from);
    }

    /// <summary>A host register into a V register, the upper half zero unless <paramref name="full"/>.</summary>
    public void StoreVector(int d, VectorRegister from, bool full)
    {
        if (!full)
            A.VectorUnary(VectorOp.Movq, from, from);
        StoreVector(d, from);
    }

    /// <summary>op to, left, a constant of two 64-bit halves.</summary>
    public void WithConstant(VectorOp op, VectorRegister to, VectorRegister left, ulong low, ulong high)
    {
        if (vectorConstants.Count == 0)
            Defer(EmitVectorConstants);
        vectorConstants.Add(((nint)A.VectorForward(op, to, left), low, high));
    }

    /// <summary>op to, left, a constant whose halves are the same.</summary>
    public void WithConstant(VectorOp op, VectorRegister to, VectorRegister left, ulong both) => WithConstant(op, to, left, both, both);

    /// <summary>Sets a host vector register to a constant. The flags stay.</summary>
    public void LoadConstant(VectorRegister to, ulong low, ulong high)
    {
        if ((low | high) == 0)
            A.Vector(VectorOp.Pxor, to, to, to);
        else if ((low & high) == ulong.MaxValue)
            A.Vector(VectorOp.Pcmpeqd, to, to, to);
        else
            WithConstant(VectorOp.Movdqu, to, VectorRegister.Xmm0, low, high);
    }

    /// <summary>Sets FPSR.QC when any bit of <paramref name="differences"/> is set: some lane did not fit. Changes the host's flags.</summary>
    public void SaturatedWhere(VectorRegister differences)
    {
        const int qc = 1 << 27;
        ClobberFlags();
        A.VectorUnary(VectorOp.Ptest, differences, differences);
        byte* saturated = A.JumpForwardIf(HostCondition.NotEqual);
        nint back = A.Address;
        Defer(() =>
        {
            A.Bind(saturated);
            A.AluImmediate(Arithmetic.Or, false, Field(Fpsr), qc);
            A.Jump(back);
        });
    }

    private void EmitVectorConstants()
    {
        A.Align(16);
        while (vectorConstants.Count > 0 && !A.IsFull)
        {
            (_, ulong low, ulong high) = vectorConstants[^1];
            for (int n = vectorConstants.Count - 1; n >= 0; n--)
            {
                if (vectorConstants[n].Low != low || vectorConstants[n].High != high)
                    continue;
                A.Bind((byte*)vectorConstants[n].Site);
                vectorConstants.RemoveAt(n);
            }
            A.Data(low);
            A.Data(high);
        }
    }
}
