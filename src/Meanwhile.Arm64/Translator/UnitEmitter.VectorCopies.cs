using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <content>
/// Copies of V registers in XMM8 to XMM15, so that what an instruction computes need not come back through memory, which takes the host
/// several times as long as most operations. The state always has the value too: a copy may be dropped at any time.
/// </content>
/// <remarks>
/// Copies last to the end of their block at most, and do not outlive an instruction that uses V registers or these host registers in any other
/// way (without <see cref="Traits.KeepsVectorCopies"/>). After a handler that was called out of line they are loaded again.
/// </remarks>
internal sealed unsafe partial class UnitEmitter
{
    private const int CopyCount = 8;

    /// <summary>How far ahead a use is looked for: a copy that nothing uses costs an instruction.</summary>
    private const int UseDistance = 24;

    private const int NoCopy = -1;

    private readonly int[] copies = new int[CopyCount];
    private int nextCopy;

    private static VectorRegister HostOfCopy(int at) => (VectorRegister)((int)VectorRegister.Xmm8 + at);

    /// <summary>The host register that has a copy of a V register.</summary>
    public bool TryCopy(int n, out VectorRegister copy)
    {
        int at = Array.IndexOf(copies, n);
        copy = HostOfCopy(at);
        return at >= 0;
    }

    /// <summary>op to, left, a V register.</summary>
    public void Vector(VectorOp op, VectorRegister to, VectorRegister left, int n)
    {
        if (TryCopy(n, out VectorRegister copy))
            A.Vector(op, to, left, copy);
        else
            A.Vector(op, to, left, HostLayout.Vector(n));
    }

    /// <summary>op to, left, a V register, constant.</summary>
    public void Vector(VectorOp op, VectorRegister to, VectorRegister left, int n, int immediate)
    {
        if (TryCopy(n, out VectorRegister copy))
            A.Vector(op, to, left, copy, immediate);
        else
            A.Vector(op, to, left, HostLayout.Vector(n), immediate);
    }

    /// <summary>op to, a V register.</summary>
    public void VectorUnary(VectorOp op, VectorRegister to, int n)
    {
        if (TryCopy(n, out VectorRegister copy))
            A.VectorUnary(op, to, copy);
        else
            A.VectorUnary(op, to, HostLayout.Vector(n));
    }

    /// <summary>op to, a V register, constant.</summary>
    public void VectorUnary(VectorOp op, VectorRegister to, int n, int immediate)
    {
        if (TryCopy(n, out VectorRegister copy))
            A.VectorUnary(op, to, copy, immediate);
        else
            A.VectorUnary(op, to, HostLayout.Vector(n), immediate);
    }

    /// <summary>A host register has become the value of a V register, which is stored.</summary>
    private void Copy(int d, VectorRegister from)
    {
        int at = Array.IndexOf(copies, d);
        if (!features.Avx || !IsUsedSoon(d))
        {
            if (at >= 0)
                copies[at] = NoCopy;
            return;
        }
        if (at < 0)
        {
            at = nextCopy;
            nextCopy = (nextCopy + 1) % CopyCount;
        }
        copies[at] = d;
        A.VectorUnary(VectorOp.Movdqa, HostOfCopy(at), from);
    }

    /// <summary>One of the next instructions of the block names the register in one of its fields.</summary>
    private bool IsUsedSoon(int d)
    {
        int end = Math.Min(unit.Length, index + 1 + UseDistance);
        for (int n = index + 1; n < end && unit.IsReached[n] && !unit.IsBlockStart(n); n++)
        {
            uint word = unit.Words[n];
            if (LazyBinding.UsesFp(word)
                && ((word & 31) == d || (word >> 5 & 31) == d || (word >> 10 & 31) == d || (word >> 16 & 31) == d))
                return true;
        }
        return false;
    }

    private void ForgetCopies()
    {
        Array.Fill(copies, NoCopy);
        nextCopy = 0;
    }

    /// <summary>The current instruction was emitted.</summary>
    private void ForgetCopiesAfter(uint word, Traits traits)
    {
        if (LazyBinding.UsesFp(word) && (traits & Traits.KeepsVectorCopies) == 0)
            ForgetCopies();
    }

    private void LoadCopies(ReadOnlySpan<int> numbers)
    {
        for (int at = 0; at < numbers.Length; at++)
        {
            if (numbers[at] != NoCopy)
                A.LoadVector(16, HostOfCopy(at), HostLayout.Vector(numbers[at]));
        }
    }
}
