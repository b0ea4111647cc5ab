using System.Numerics;
using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Shifts by a register (DDI0487 C3.6.5): the amount is taken modulo the register size, as C#'s shifts do.</summary>
internal static unsafe class Shifts
{
    public static void Register(Binders b)
    {
        b.Add(DataProcessingRegisterEncodings.LSLV, &DataOperation.BindRegister<Lsl64, Lsl32>);
        b.Add(DataProcessingRegisterEncodings.LSRV, &DataOperation.BindRegister<Lsr64, Lsr32>);
        b.Add(DataProcessingRegisterEncodings.ASRV, &DataOperation.BindRegister<Asr64, Asr32>);
        b.Add(DataProcessingRegisterEncodings.RORV, &DataOperation.BindRegister<Ror64, Ror32>);
    }

    private readonly struct Lsl64 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => a << (int)b;
    }

    private readonly struct Lsl32 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)a << (int)b;
    }

    private readonly struct Lsr64 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => a >> (int)b;
    }

    private readonly struct Lsr32 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)a >> (int)b;
    }

    private readonly struct Asr64 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => (ulong)((long)a >> (int)b);
    }

    private readonly struct Asr32 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)((int)a >> (int)b);
    }

    private readonly struct Ror64 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => BitOperations.RotateRight(a, (int)b);
    }

    private readonly struct Ror32 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => BitOperations.RotateRight((uint)a, (int)b);
    }
}
