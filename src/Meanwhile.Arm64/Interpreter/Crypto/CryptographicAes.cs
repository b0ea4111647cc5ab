using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Interpreter.Simd;

namespace Meanwhile.Arm64.Interpreter.Crypto;

/// <summary>AESE, AESD, AESMC, AESIMC (FEAT_AES).</summary>
internal static unsafe class CryptographicAes
{
    public static void Register(Binders b)
    {
        b.Add(CryptographicEncodings.AESE, &BindAese);
        b.Add(CryptographicEncodings.AESD, &BindAesd);
        b.Add(CryptographicEncodings.AESMC, &BindAesmc);
        b.Add(CryptographicEncodings.AESIMC, &BindAesimc);
    }

    private static void BindAese(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &Aese;
    }

    private static void BindAesd(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &Aesd;
    }

    private static void BindAesmc(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &Aesmc;
    }

    private static void BindAesimc(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &Aesimc;
    }

    private static int Aese(CpuState* s, Insn* i)
    {
        Vector128<byte> state = Full.Load<byte>(s, i->D) ^ Full.Load<byte>(s, i->N);
        Full.Store(s, i->D, AesBlock.Encrypt(state));
        return Status.Next;
    }

    private static int Aesd(CpuState* s, Insn* i)
    {
        Vector128<byte> state = Full.Load<byte>(s, i->D) ^ Full.Load<byte>(s, i->N);
        Full.Store(s, i->D, AesBlock.Decrypt(state));
        return Status.Next;
    }

    private static int Aesmc(CpuState* s, Insn* i)
    {
        Full.Store(s, i->D, AesBlock.MixColumns(Full.Load<byte>(s, i->N)));
        return Status.Next;
    }

    private static int Aesimc(CpuState* s, Insn* i)
    {
        Full.Store(s, i->D, AesBlock.InverseMixColumns(Full.Load<byte>(s, i->N)));
        return Status.Next;
    }
}
