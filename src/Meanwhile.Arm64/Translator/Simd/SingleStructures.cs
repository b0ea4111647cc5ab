using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Advanced SIMD load/store of single structures (DDI0487 C4.1.66): a lane of one to four registers, or all their lanes from one element.</summary>
internal static unsafe class SingleStructures
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        AddAll(lines, SimdStructureEncodings.Single);
        AddAll(lines, SimdStructureEncodings.SinglePostIndexed);
    }

    private static void AddAll(TranslationLines lines, EncodingGroup group)
    {
        foreach (Encoding encoding in group.Encodings)
        {
            // Bits 15..14 of a load: replicate.
            if ((encoding.Value & encoding.Mask & 0xC000) == 0xC000)
            {
                if (lines.Features.Avx2)
                    lines.Add(encoding, Access, &LoadReplicate);
            }
            else if ((encoding.Value >> 22 & 1) != 0)
            {
                lines.Add(encoding, Access, &LoadLane);
            }
            else
            {
                lines.Add(encoding, Access, &StoreLane);
            }
        }
    }

    /// <summary>opcode and size give log2 of the element's bytes; Q:S:size is the lane, without the bits below them; opcode&lt;0&gt;:R counts registers.</summary>
    private static (int Size, int Lane, int Registers) Fields(uint word)
    {
        uint size = word >> 10 & 3;
        int shift = (word >> 14 & 3) switch
        {
            0 => 0,
            1 => 1,
            2 => 2 + (int)(size & 1),
            _ => (int)size,
        };
        uint lane = (word >> 30 & 1) << 3 | (word >> 12 & 1) << 2 | size;
        int registers = (int)((word >> 13 & 1) << 1 | (word >> 21 & 1)) + 1;
        return (shift, (int)(lane >> shift), registers);
    }

    private static void LoadLane(UnitEmitter e, uint word)
    {
        (int size, int lane, int registers) = Fields(word);
        Structures.Begin(e, word, registers << size, write: false);
        for (int r = 0; r < registers; r++)
        {
            int t = Structures.T(word, r);
            e.LoadVector(Xmm0, t);
            Copy.Insert(e, size, Xmm0, lane, UnitEmitter.Accessed.Plus(r << size));
            e.StoreVector(t, Xmm0);
        }
        Structures.End(e, word, registers << size);
    }

    private static void StoreLane(UnitEmitter e, uint word)
    {
        (int size, int lane, int registers) = Fields(word);
        Structures.Begin(e, word, registers << size, write: true);
        for (int r = 0; r < registers; r++)
        {
            e.A.Load(1 << size, Register.Rdx, Vector(Structures.T(word, r)).Plus(lane << size));
            e.A.Store(1 << size, UnitEmitter.Accessed.Plus(r << size), Register.Rdx);
        }
        Structures.End(e, word, registers << size);
    }

    private static void LoadReplicate(UnitEmitter e, uint word)
    {
        (int size, _, int registers) = Fields(word);
        Structures.Begin(e, word, registers << size, write: false);
        for (int r = 0; r < registers; r++)
        {
            e.A.VectorUnary(Broadcast(size), Xmm0, UnitEmitter.Accessed.Plus(r << size));
            e.StoreVector(Structures.T(word, r), Xmm0, Q(word));
        }
        Structures.End(e, word, registers << size);
    }
}
