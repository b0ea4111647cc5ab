using System.Runtime.InteropServices;
using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64;

/// <content>The TLB arrays and the contexts that tag them.</content>
/// <remarks>
/// An entry's tag is its page address with a context number in the low 12 bits (in data TLBs rotated: <see cref="TlbEntry.TagOf"/>). Each ASID in use is given a context; so a switch of address
/// space changes one word, and forgetting an ASID, or everything, is giving out new numbers. The arrays are cleared only when the
/// numbers run out. Upper-range (TTBR1) translations share one context while all of them are global, as a kernel's are; the first that is
/// not makes the upper range use the ASID's context as well. Global translations of a range that uses an ASID's context are simply
/// walked again under each ASID.
/// Addresses are compared with their top byte: a tagged address (TBI) has entries of its own.
/// </remarks>
public sealed unsafe partial class Core
{
    private const int ArrayCount = 3;
    private const int FetchArrayCount = 2;

    /// <summary>Context numbers are below this; the tag 0xFFF is part of <see cref="TlbEntry.Invalid"/>.</summary>
    private const uint ContextLimit = 0xFFF;

    /// <summary>Where data TLBs are, from the start of <see cref="State"/>: right behind it, so that code finds EL0's, the first, without a pointer.</summary>
    internal static readonly int DataTlbsOffset = (sizeof(CpuState) + 63) & ~63;

    /// <summary>Where the jump cache is, from there: behind the data TLBs.</summary>
    internal static readonly int JumpCacheOffset = DataTlbsOffset + (ArrayCount * TlbEntry.MaximumCount * sizeof(TlbEntry));

    /// <summary>Bytes from the state to the end of the jump cache.</summary>
    private static readonly nuint SizeWithCaches = (nuint)(JumpCacheOffset + JumpCache.Size);

    /// <summary>Data TLBs: EL0, EL1 with PAN clear, EL1 with PAN set. They live and end with the state.</summary>
    private TlbEntry* dataTlbs;

    /// <summary>Instruction TLBs: EL0, EL1.</summary>
    private FetchTlbEntry* fetchTlbs;

    /// <summary>For each ASID (epoch shl 12 | context); of no meaning unless the epoch is the current one.</summary>
    private readonly uint[] contextOfAsid = new uint[0x10000];

    private uint epoch = 1;
    private uint nextContext;
    private uint upperContext;
    private uint currentAsid;
    private bool upperRangeUsesAsid;

    private TlbEntry* UserTlb => dataTlbs;

    /// <summary>Array number <paramref name="array"/>: each has room for the most entries, so that they stay where they are when they grow.</summary>
    private TlbEntry* DataTlb(int array) => dataTlbs + (array * TlbEntry.MaximumCount);

    private void AllocateTlbs()
    {
        dataTlbs = (TlbEntry*)((byte*)State + DataTlbsOffset);
        State->TlbMask = MaskOf(FirstTlbSize);
        fetchTlbs = (FetchTlbEntry*)NativeMemory.AlignedAlloc((nuint)(FetchArrayCount * FetchTlbEntry.Count * sizeof(FetchTlbEntry)), 64);
        ClearTlbs();
    }

    private void FreeTlbs()
    {
        NativeMemory.AlignedFree(fetchTlbs);
        dataTlbs = null;
        fetchTlbs = null;
    }

    public partial void FlushTlb()
    {
        ListEarlierUse();
        Array.Clear(tablePages);
        ForgetAllTranslations();
    }

    /// <summary>TLBI VMALLE1, and any change of registers that cached translations depend on.</summary>
    private void ForgetAllTranslations()
    {
        tlbFlushes++;
        if (nextContext > ContextLimit - 8)
            ClearTlbs();
        else
            StartEpoch();
        ForgetLargeMappings();
        upperContext = nextContext++;
        AssignContexts();
    }

    /// <summary>TLBI ASIDE1: the ASID's next use is under another context.</summary>
    private void ForgetAsid(uint asid)
    {
        contextOfAsid[asid] = 0;
        if (asid == currentAsid)
            AssignContexts();
    }

    /// <summary>Makes the tags those of the current ASID.</summary>
    private void AssignContexts()
    {
        uint known = contextOfAsid[currentAsid];
        if (known >> 12 != epoch)
        {
            if (nextContext >= ContextLimit)
            {
                ForgetAllTranslations();
                return;
            }
            known = epoch << 12 | nextContext++;
            contextOfAsid[currentAsid] = known;
        }
        uint context = known & 0xFFF;
        State->TlbTag[0] = context;
        State->TlbTag[1] = upperRangeUsesAsid ? context : upperContext;
        for (int range = 0; range < 2; range++)
            State->DataTag[range] = TlbEntry.TagOf(State->TlbTag[range]);
        InvalidateFetchPage();
    }

    /// <summary>A non-global translation was met in the upper range: from now on its tags hold the ASID's context.</summary>
    private void UseAsidInUpperRange()
    {
        upperRangeUsesAsid = true;
        AssignContexts();
    }

    private void ClearTlbs()
    {
        for (int array = 0; array < ArrayCount; array++)
            Clear(DataTlb(array), 0, TlbSize);
        new Span<byte>(fetchTlbs, FetchArrayCount * FetchTlbEntry.Count * sizeof(FetchTlbEntry)).Fill(0xFF);
        ClearWalkCache();
        nextContext = 0;
        clearJumpCache = true;
        StartEpoch();
    }

    private void StartEpoch()
    {
        epoch++;
        if (epoch == 1 << 20)
        {
            Array.Clear(contextOfAsid);
            epoch = 1;
        }
    }

    /// <summary>Chooses the data TLBs after a change of EL, PAN or UAO.</summary>
    private void SelectDataTlb()
    {
        CpuState* s = State;
        s->DataTlb = DataTlb(s->El == 0 ? 0 : 1 + s->Pan);
        s->UnprivilegedTlb = s->El != 0 && s->Uao != 0 ? s->DataTlb : UserTlb;
    }
}
