using Meanwhile.Arm64.Translator.FloatingPoint;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <content>
/// Floating point: the host's arithmetic where it gives the result and no flag would be set, as
/// <see cref="Arm64.FloatingPoint.HostArithmetic"/> argues; else the handler, out of line.
/// </content>
/// <remarks>
/// Operands are in XMM1 and XMM2, the result in XMM0; XMM3 to XMM5 are free. In a register that is loaded with fewer than 16 bytes the rest is zero,
/// and so it is in what a scalar operation makes of it.
/// </remarks>
internal sealed unsafe partial class UnitEmitter
{
    private nint doubtful;
    private nint accepted;
    private FloatForm doubtfulForm;
    private ExactZeros exactZeros;
    private bool fromDoubles;

    /// <summary>Starts an instruction whose handler may have to take over.</summary>
    public void BeginFloat()
    {
        BeginAccess();
        doubtful = 0;
    }

    /// <summary>For an inexact operation: the handler takes over unless FPCR is like the host's and FPSR.IXC set.</summary>
    public void RequireReady()
    {
        A.TestByte(Field(FpReady), 1);
        SlowPathIf(HostCondition.Equal);
    }

    /// <summary>For an exact operation: the handler takes over while FPCR.FZ is set, which makes zeros of denormals.</summary>
    public void RequireDenormals()
    {
        A.TestByte(Field(Fpcr + 3), 1);
        SlowPathIf(HostCondition.NotEqual);
    }

    /// <summary>
    /// The handler takes over when an element of XMM0 is not ordinary: not finite, or the smallest normal number or below. So that the test
    /// is short, it refuses whole exponents: 0, 1 and the two largest. Zeros that <paramref name="zeros"/> calls exact are accepted.
    /// </summary>
    /// <param name="form">The elements.</param>
    /// <param name="zeros">Which zeros are exact.</param>
    /// <param name="from">The elements of XMM1, where they are of another form.</param>
    public void RequireOrdinary(FloatForm form, ExactZeros zeros, FloatForm? from = null)
    {
        // Adding 2 to the exponent leaves only its lowest two bits for 0, 1 and the two largest.
        if (form.IsScalar && form.IsDouble)
        {
            A.VectorMoveOut(VectorOp.MovqToGeneral, Register.Rax, VectorRegister.Xmm0);
            A.ShiftImmediate(Shift.Shr, true, Register.Rax, 52);
            A.AluImmediate(Arithmetic.Add, false, Register.Rax, 2);
            A.TestImmediate(false, Register.Rax, 0x7FC);
        }
        else if (form.IsScalar)
        {
            A.VectorMoveOut(VectorOp.MovdToGeneral, Register.Rax, VectorRegister.Xmm0);
            A.AluImmediate(Arithmetic.Add, false, Register.Rax, 2 << 23);
            A.TestImmediate(false, Register.Rax, 0xFC << 23);
        }
        else
        {
            EmitNotOrdinary(form);
            A.VectorToGeneral(form.SignMask, Register.Rax, VectorRegister.Xmm3);
            A.TestImmediate(false, Register.Rax, form.LaneMask);
        }
        HostCondition refused = form.IsScalar ? HostCondition.Equal : HostCondition.NotEqual;
        doubtful = (nint)A.JumpForwardIf(refused);
        accepted = A.Address;
        doubtfulForm = form;
        exactZeros = zeros;
        fromDoubles = (from ?? form).IsDouble;
    }

    /// <summary>The handler takes over when two registers' elements are unordered: one is a NaN.</summary>
    public void RequireOrdered(FloatForm form, VectorRegister a, VectorRegister b)
    {
        if (form.IsScalar)
        {
            A.VectorUnary(form.Compare, a, b);
            SlowPathIf(HostCondition.Parity);
            return;
        }
        A.Vector(form.Op(FloatOp.Cmp), VectorRegister.Xmm3, a, b, (int)FloatPredicate.Unordered);
        RequireNone(form, VectorRegister.Xmm3);
    }

    /// <summary>The handler takes over when a mask has an element set.</summary>
    public void RequireNone(FloatForm form, VectorRegister mask)
    {
        A.VectorToGeneral(form.SignMask, Register.Rax, mask);
        A.TestImmediate(false, Register.Rax, form.LaneMask);
        SlowPathIf(HostCondition.NotEqual);
    }

    /// <summary>Loads elements of a V register: one, or 16 bytes.</summary>
    public void LoadFloat(FloatForm form, VectorRegister to, int n)
    {
        const int othersZero = 0b1110;
        if (form.IsScalar && !form.IsDouble && TryCopy(n, out VectorRegister copy))
            A.Vector(VectorOp.Insertps, to, copy, copy, othersZero);
        else
            LoadVector(form.IsScalar ? form.Size : 16, to, n);
    }

    /// <summary>Makes XMM0 the value of a V register: what is beyond the elements becomes zero.</summary>
    public void StoreFloat(FloatForm form, int d) => StoreVector(d, VectorRegister.Xmm0, full: form.IsScalar || form.IsFull);

    /// <summary>op to, left, a constant in all elements, for each precision; beyond a scalar it is zero.</summary>
    public void WithConstant(VectorOp op, VectorRegister to, VectorRegister left, FloatForm form, uint single, ulong wide)
    {
        ulong low = form.IsDouble ? wide : form.IsScalar ? single : single | (ulong)single << 32;
        WithConstant(op, to, left, low, form.IsScalar ? 0 : low);
    }

    /// <summary>op to, left, the sign bits of all elements.</summary>
    public void WithSigns(VectorOp op, VectorRegister to, VectorRegister left, FloatForm form) =>
        WithConstant(op, to, left, form, 1u << 31, 1UL << 63);

    /// <summary>to = the elements of from without their signs.</summary>
    public void ClearSigns(VectorRegister to, VectorRegister from, FloatForm form) =>
        WithConstant(VectorOp.Pand, to, from, form, ~(1u << 31), ~(1UL << 63));

    /// <summary>The instruction is complete: emits what is out of line.</summary>
    public void EndFloat() => EndFloat(loadsFlags: false);

    /// <summary>The instruction is complete, and the host's flags are as after a subtraction: emits what is out of line.</summary>
    public void EndFloatCompare()
    {
        EndFloat(loadsFlags: true);
        SetFlags(FlagsForm.Subtraction);
    }

    private void EndFloat(bool loadsFlags)
    {
        if (doubtful == 0 && slowPaths.Count == 0)
            return;
        PrepareHandler(out int insn, out int charged);
        nint[] sites = slowPaths.ToArray();
        int[] copiesAfter = [.. copies];
        nint back = A.Address, doubt = doubtful, accept = accepted;
        FloatForm form = doubtfulForm;
        ExactZeros zeros = exactZeros;
        bool wide = fromDoubles;
        Defer(() =>
        {
            if (doubt != 0)
            {
                A.Bind((byte*)doubt);
                if (form.IsScalar)
                    AcceptExactZero(form, zeros, wide, accept);
                else
                    AcceptExactZeros(form, zeros, wide, accept);
            }
            foreach (nint site in sites)
                A.Bind((byte*)site);
            EmitHandlerCall(insn, charged);
            LoadCopies(copiesAfter);
            if (loadsFlags)
            {
                A.Load(2, Register.Rax, Field(HostFlags));
                RestoreFlagsFromRax();
            }
            A.Jump(back);
        });
    }

    /// <summary>Jumps to <paramref name="accept"/> when XMM0, which is not ordinary, is an exact zero.</summary>
    private void AcceptExactZero(FloatForm form, ExactZeros zeros, bool fromDoubles, nint accept)
    {
        TestZero(form.IsDouble, VectorRegister.Xmm0);
        if (zeros == ExactZeros.All)
        {
            A.JumpIf(HostCondition.Equal, accept);
            return;
        }
        byte* refused = A.JumpShortIf(HostCondition.NotEqual);
        TestZero(fromDoubles, VectorRegister.Xmm1);
        A.JumpIf(HostCondition.Equal, accept);
        if (zeros == ExactZeros.OfZeroFactor)
        {
            TestZero(fromDoubles, VectorRegister.Xmm2);
            A.JumpIf(HostCondition.Equal, accept);
        }
        A.BindShort(refused);
    }

    /// <summary>ZF: the scalar is zero, of either sign. Changes RAX.</summary>
    private void TestZero(bool wide, VectorRegister scalar)
    {
        A.VectorMoveOut(wide ? VectorOp.MovqToGeneral : VectorOp.MovdToGeneral, Register.Rax, scalar);
        A.Alu(Arithmetic.Add, wide, Register.Rax, Register.Rax);
    }

    /// <summary>Jumps to <paramref name="accept"/> when all elements of XMM0 are ordinary or exact zeros. Changes XMM3 to XMM5.</summary>
    private void AcceptExactZeros(FloatForm form, ExactZeros zeros, bool fromDoubles, nint accept)
    {
        const VectorRegister zero = VectorRegister.Xmm4, exact = VectorRegister.Xmm5, other = VectorRegister.Xmm3;
        const int equal = (int)FloatPredicate.Equal;
        A.Vector(VectorOp.Pxor, zero, zero, zero);
        A.Vector(form.Op(FloatOp.Cmp), exact, VectorRegister.Xmm0, zero, equal);
        if (zeros != ExactZeros.All)
        {
            VectorOp compare = (form with { IsDouble = fromDoubles }).Op(FloatOp.Cmp);
            A.Vector(compare, other, VectorRegister.Xmm1, zero, equal);
            if (zeros == ExactZeros.OfZeroFactor)
            {
                A.Vector(compare, zero, VectorRegister.Xmm2, zero, equal);
                A.Vector(VectorOp.Por, other, other, zero);
            }
            if (fromDoubles != form.IsDouble)
                A.VectorUnary(VectorOp.Pshufd, other, other, 0b10_00);
            A.Vector(VectorOp.Pand, exact, exact, other);
        }
        EmitNotOrdinary(form);
        A.Vector(VectorOp.Pandn, VectorRegister.Xmm3, exact, VectorRegister.Xmm3);
        A.VectorToGeneral(form.SignMask, Register.Rax, VectorRegister.Xmm3);
        A.TestImmediate(false, Register.Rax, form.LaneMask);
        A.JumpIf(HostCondition.Equal, accept);
    }

    /// <summary>Sign bits of the elements of XMM3: that of XMM0 is not ordinary. Changes XMM4.</summary>
    private void EmitNotOrdinary(FloatForm form)
    {
        WithConstant(VectorOp.Paddd, VectorRegister.Xmm3, VectorRegister.Xmm0, form, 2 << 23, 2UL << 52);
        WithConstant(VectorOp.Pand, VectorRegister.Xmm3, VectorRegister.Xmm3, form, 0xFC << 23, 0x7FCUL << 52);
        A.Vector(VectorOp.Pxor, VectorRegister.Xmm4, VectorRegister.Xmm4, VectorRegister.Xmm4);
        A.Vector(VectorOp.Pcmpeqd, VectorRegister.Xmm3, VectorRegister.Xmm3, VectorRegister.Xmm4);
    }
}
