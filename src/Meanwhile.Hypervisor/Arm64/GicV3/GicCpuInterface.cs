using System.Numerics;
using Meanwhile.Arm64;

namespace Meanwhile.Hypervisor.Arm64.GicV3;

/// <summary>
/// One PE's share of the GIC: its SGIs and PPIs, and the CPU interface (IHI0069 4.8, 12.2): priorities, preemption, acknowledge, priority
/// drop and deactivation. Everything with the GIC's lock held but <see cref="TryRead"/>, <see cref="TryWrite"/> and <see cref="Connect"/>.
/// </summary>
internal sealed partial class GicCpuInterface
{
    /// <summary>ICC_IAR*: no interrupt that could be acknowledged.</summary>
    internal const int Spurious = 1023;

    private const int IdlePriority = 0xFF;
    private const int MinimumBinaryPoint0 = 2;
    private const int MinimumBinaryPoint1 = 3;

    private readonly uint[] activePriorities = new uint[2];
    private Action<InterruptLine, bool> output = static (_, _) => { };
    private InterruptLine signalled;
    private int priorityMask;
    private int binaryPoint0;
    private int binaryPoint1;
    private bool commonBinaryPoint;
    private bool separateDeactivation;
    private bool group0Enabled;
    private bool group1Enabled;

    internal GicCpuInterface(Gic gic, int index)
    {
        Gic = gic;
        Index = index;
        AffinityValue = Affinity.OfVcpu(index);
        Bank = new InterruptBank(0, 32);
        Reset();
    }

    internal Gic Gic { get; }

    internal int Index { get; }

    internal ulong AffinityValue { get; }

    internal InterruptBank Bank { get; }

    /// <summary>GICR_WAKER.ProcessorSleep: nothing is forwarded to the PE.</summary>
    internal bool Asleep { get; set; }

    /// <summary>Says where IRQ and FIQ go.</summary>
    internal void Connect(Action<InterruptLine, bool> destination) => output = destination;

    internal void Reset()
    {
        Bank.Reset();
        Asleep = true;
        ResetInterface();
    }

    /// <summary>The ICC_* registers.</summary>
    internal void ResetInterface()
    {
        Array.Clear(activePriorities);
        priorityMask = 0;
        binaryPoint0 = MinimumBinaryPoint0;
        binaryPoint1 = MinimumBinaryPoint1;
        commonBinaryPoint = false;
        separateDeactivation = false;
        group0Enabled = false;
        group1Enabled = false;
    }

    internal bool Participates(bool group1) => !Asleep && (group1 ? group1Enabled : group0Enabled);

    /// <summary>Decides again whether IRQ or FIQ is signalled.</summary>
    internal void Update()
    {
        InterruptLine wanted = 0;
        if (FindHighestPending(out Candidate candidate) && CanSignal(candidate))
            wanted = candidate.Group1 ? InterruptLine.Irq : InterruptLine.Fiq;
        Signal(InterruptLine.Irq, wanted);
        Signal(InterruptLine.Fiq, wanted);
        signalled = wanted;
    }

    private void Signal(InterruptLine line, InterruptLine wanted)
    {
        if (((signalled ^ wanted) & line) != 0)
            output(line, (wanted & line) != 0);
    }

    private readonly record struct Candidate(int Intid, int Priority, bool Group1, InterruptBank Bank);

    /// <summary>4.8: the pending interrupt of highest priority of the groups that are enabled in distributor and CPU interface.</summary>
    private bool FindHighestPending(out Candidate best)
    {
        best = new Candidate(Spurious, IdlePriority + 1, false, Bank);
        bool group0 = group0Enabled && Gic.Spis.Group0Enabled;
        bool group1 = group1Enabled && Gic.Spis.Group1Enabled;
        if (Asleep || !(group0 || group1))
            return false;
        Search(Bank, group0, group1, ref best);
        Search(Gic.Spis.Bank, group0, group1, ref best);
        return best.Intid != Spurious;
    }

    // With equal priorities the lowest INTID wins, which the manual leaves open.
    private void Search(InterruptBank bank, bool group0, bool group1, ref Candidate best)
    {
        for (int word = 0; word < bank.Words; word++)
        {
            for (uint left = bank.Candidates(word, group0, group1); left != 0; left &= left - 1)
            {
                int intid = bank.First + (32 * word) + BitOperations.TrailingZeroCount(left);
                int priority = bank.Priority(intid);
                if (priority < best.Priority && (bank == Bank || Gic.IsTarget(intid, this)))
                    best = new Candidate(intid, priority, bank.IsGroup1(intid), bank);
            }
        }
    }

    /// <summary>4.8.5, 4.8.6: above the mask, and its group priority above the running priority.</summary>
    private bool CanSignal(in Candidate candidate) =>
        candidate.Priority < priorityMask && (candidate.Priority & GroupMask(candidate.Group1)) < RunningPriority;

    /// <summary>
    /// Bits of a priority that take part in preemption (4.8.2). Group 1 has the binary point of ICC_BPR1_EL1, which splits one bit higher
    /// than that of ICC_BPR0_EL1, unless ICC_CTLR_EL1.CBPR makes it share Group 0's.
    /// </summary>
    private int GroupMask(bool group1)
    {
        int lowest = group1 && !commonBinaryPoint ? binaryPoint1 : binaryPoint0 + 1;
        return (0xFF << lowest) & 0xFF;
    }

    /// <summary>ICC_RPR_EL1: group priority of the active interrupt of highest priority.</summary>
    private int RunningPriority
    {
        get
        {
            uint all = activePriorities[0] | activePriorities[1];
            return all == 0 ? IdlePriority : BitOperations.TrailingZeroCount(all) << 3;
        }
    }

    /// <summary>ICC_HPPIR*: what is pending for the group, whether or not it can be acknowledged now.</summary>
    private int HighestPending(bool group1) => FindHighestPending(out Candidate candidate) && candidate.Group1 == group1 ? candidate.Intid : Spurious;

    /// <summary>ICC_IAR*.</summary>
    private int Acknowledge(bool group1)
    {
        if (!FindHighestPending(out Candidate candidate) || candidate.Group1 != group1 || !CanSignal(candidate))
            return Spurious;
        candidate.Bank.Activate(candidate.Intid);
        activePriorities[group1 ? 1 : 0] |= 1u << ((candidate.Priority & GroupMask(group1)) >> 3);
        UpdateAfter(candidate.Bank);
        return candidate.Intid;
    }

    /// <summary>ICC_EOIR*: priority drop, and deactivation too with EOImode 0 (4.8.7).</summary>
    private void EndOfInterrupt(bool group1, int intid)
    {
        if (intid is >= 1020 and <= 1023)
            return;
        // 12.2.9: the drop is of the highest active priority. When that is the other group's, software has lost count: nothing happens.
        ref uint own = ref activePriorities[group1 ? 1 : 0];
        uint other = activePriorities[group1 ? 0 : 1];
        if (own == 0 || (other != 0 && BitOperations.TrailingZeroCount(other) < BitOperations.TrailingZeroCount(own)))
            return;
        own &= own - 1;
        if (!separateDeactivation)
            Deactivate(intid);
        Update();
    }

    private void Deactivate(int intid)
    {
        InterruptBank bank = intid < Bank.Count ? Bank : Gic.Spis.Bank;
        if (!bank.Contains(intid))
            return;
        bank.Deactivate(intid);
        UpdateAfter(bank);
    }

    private void UpdateAfter(InterruptBank changed)
    {
        if (changed == Bank)
            Update();
        else
            Gic.UpdateAll();
    }

    /// <summary>ICC_SGI*R (12.2.22): makes a software interrupt pending at each PE that the value names.</summary>
    private void SendSoftwareInterrupt(ulong value, bool alsoGroup1)
    {
        int intid = (int)(value >> 24) & 0xF;
        bool allOthers = (value & (1UL << 40)) != 0;
        uint targets = (uint)value & 0xFFFF;
        // Without range selector only Aff0 0..15 can be named.
        bool range = ((value >> 44) & 0xF) == 0;
        ulong cluster = ((value >> 8) & 0xFF00) | ((value >> 16) & 0xFF_0000) | ((value >> 16) & 0xFF_0000_0000);
        foreach (GicCpuInterface cpu in Gic.Cpus)
        {
            ulong affinity0 = cpu.AffinityValue & 0xFF;
            bool named = allOthers
                ? cpu != this
                : range && (cpu.AffinityValue & ~0xFFUL) == cluster && affinity0 < Affinity.ClusterSize && (targets & (1u << (int)affinity0)) != 0;
            // A Group 0 interrupt can be sent through any of the registers, a Group 1 interrupt through ICC_SGI1R_EL1 only.
            if (!named || (cpu.Bank.IsGroup1(intid) && !alsoGroup1))
                continue;
            cpu.Bank.SetPending(intid);
            cpu.Update();
        }
    }
}
