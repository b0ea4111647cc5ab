using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>
/// PMUL and PMULL of bytes: products of polynomials over {0, 1}, modulo the lane. The lanes of PMUL hold bytes; those of PMULL hold
/// bytes in 16 bits. Either way the multiplier has eight bits.
/// </summary>
internal readonly unsafe struct PolynomialMul : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<T> product = Vector128<T>.Zero;
        for (int bit = 0; bit < 8; bit++)
            product ^= (n << bit) & -((m >>> bit) & Vector128<T>.One);
        return product;
    }
}

/// <summary>PMULL of 64 bits (FEAT_PMULL).</summary>
internal static unsafe class PolynomialMulLong
{
    /// <summary>The 128-bit product.</summary>
    public static Vector128<ulong> Product(ulong n, ulong m)
        => Pclmulqdq.IsSupported
            ? Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(n), Vector128.CreateScalar(m), 0)
            : PortableProduct(n, m);

    /// <summary>The same, on a host without the instruction.</summary>
    internal static Vector128<ulong> PortableProduct(ulong n, ulong m)
    {
        UInt128 product = 0;
        for (int bit = 0; bit < 64; bit++)
            product ^= ((UInt128)n << bit) & (UInt128.Zero - (m >> bit & 1));
        return Vector128.Create((ulong)product, (ulong)(product >> 64));
    }

    /// <summary>Binds PMULL and PMULL2 of 64-bit lanes.</summary>
    public static void Bind(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = Operands.Q(i) ? &High : &Low;
    }

    /// <summary>PMULL <c>Vd.1Q, Vn.1D, Vm.1D</c>.</summary>
    public static int Low(CpuState* s, Insn* i)
    {
        Full.Store(s, i->D, Product(s->V[2 * i->N], s->V[2 * i->M]));
        return Status.Next;
    }

    /// <summary>PMULL2 <c>Vd.1Q, Vn.2D, Vm.2D</c>.</summary>
    public static int High(CpuState* s, Insn* i)
    {
        Full.Store(s, i->D, Product(s->V[2 * i->N + 1], s->V[2 * i->M + 1]));
        return Status.Next;
    }
}
