using Meanwhile.Arm64.SystemRegisters;

namespace Meanwhile.Hypervisor.Arm64.GicV3;

/// <content>ICC_* system registers (IHI0069 12.2). Five priority bits, so one active priorities register for each group.</content>
internal sealed partial class GicCpuInterface
{
    private static readonly uint Pmr = Icc(4, 6, 0);
    private static readonly uint Iar0 = Icc(12, 8, 0);
    private static readonly uint Eoir0 = Icc(12, 8, 1);
    private static readonly uint Hppir0 = Icc(12, 8, 2);
    private static readonly uint Bpr0 = Icc(12, 8, 3);
    private static readonly uint Ap0R0 = Icc(12, 8, 4);
    private static readonly uint Ap1R0 = Icc(12, 9, 0);
    private static readonly uint Dir = Icc(12, 11, 1);
    private static readonly uint Rpr = Icc(12, 11, 3);
    private static readonly uint Sgi1R = Icc(12, 11, 5);
    private static readonly uint Asgi1R = Icc(12, 11, 6);
    private static readonly uint Sgi0R = Icc(12, 11, 7);
    private static readonly uint Iar1 = Icc(12, 12, 0);
    private static readonly uint Eoir1 = Icc(12, 12, 1);
    private static readonly uint Hppir1 = Icc(12, 12, 2);
    private static readonly uint Bpr1 = Icc(12, 12, 3);
    private static readonly uint Ctlr = Icc(12, 12, 4);
    private static readonly uint Sre = Icc(12, 12, 5);
    private static readonly uint Igrpen0 = Icc(12, 12, 6);
    private static readonly uint Igrpen1 = Icc(12, 12, 7);

    // ICC_CTLR_EL1: A3V, IDbits 0 (16 bits), PRIbits 4 (five bits).
    private const ulong ControlConstant = (1UL << 15) | (4UL << 8);
    private const ulong IntidMask = 0xFF_FFFF;

    /// <summary>Reads a register from EL1. False when there is no such register, or it is write-only.</summary>
    internal bool TryRead(uint register, out ulong value)
    {
        lock (Gic.Gate)
        {
            if (register == Iar1)
                value = (ulong)Acknowledge(true);
            else if (register == Iar0)
                value = (ulong)Acknowledge(false);
            else if (register == Hppir1)
                value = (ulong)HighestPending(true);
            else if (register == Hppir0)
                value = (ulong)HighestPending(false);
            else if (register == Pmr)
                value = (ulong)priorityMask;
            else if (register == Rpr)
                value = (ulong)RunningPriority;
            else if (register == Ctlr)
                value = ControlConstant | (separateDeactivation ? 2u : 0) | (commonBinaryPoint ? 1u : 0);
            else if (register == Sre)
                value = 7; // SRE, DFB and DIB: no memory-mapped interface and no bypass.
            else if (register == Igrpen1)
                value = group1Enabled ? 1u : 0;
            else if (register == Igrpen0)
                value = group0Enabled ? 1u : 0;
            else if (register == Bpr1)
                value = (ulong)(commonBinaryPoint ? Math.Min(binaryPoint0 + 1, 7) : binaryPoint1);
            else if (register == Bpr0)
                value = (ulong)binaryPoint0;
            else if (register == Ap1R0)
                value = activePriorities[1];
            else if (register == Ap0R0)
                value = activePriorities[0];
            else
            {
                value = 0;
                return false;
            }

            return true;
        }
    }

    /// <summary>Writes a register from EL1. False when there is no such register, or it is read-only.</summary>
    internal bool TryWrite(uint register, ulong value)
    {
        lock (Gic.Gate)
        {
            if (register == Eoir1)
                EndOfInterrupt(true, (int)(value & IntidMask));
            else if (register == Eoir0)
                EndOfInterrupt(false, (int)(value & IntidMask));
            else if (register == Pmr)
                priorityMask = (int)(value & InterruptBank.PriorityMask);
            else if (register == Sgi1R)
                SendSoftwareInterrupt(value, alsoGroup1: true);
            else if (register == Sgi0R || register == Asgi1R)
                SendSoftwareInterrupt(value, alsoGroup1: false);
            else if (register == Dir)
                WriteDeactivate((int)(value & IntidMask));
            else if (register == Ctlr)
                WriteControl(value);
            else if (register == Igrpen1)
                group1Enabled = (value & 1) != 0;
            else if (register == Igrpen0)
                group0Enabled = (value & 1) != 0;
            else if (register == Bpr1)
                WriteBinaryPoint1((int)(value & 7));
            else if (register == Bpr0)
                binaryPoint0 = Math.Max((int)(value & 7), MinimumBinaryPoint0);
            else if (register == Ap1R0)
                activePriorities[1] = (uint)value;
            else if (register == Ap0R0)
                activePriorities[0] = (uint)value;
            else
                return register == Sre;

            // Enabling a group also decides where an SPI for any one PE goes.
            if (register == Igrpen1 || register == Igrpen0)
                Gic.UpdateAll();
            else
                Update();
            return true;
        }
    }

    private static uint Icc(uint crn, uint crm, uint op2) => SystemRegister.Key(3, 0, crn, crm, op2);

    private void WriteControl(ulong value)
    {
        commonBinaryPoint = (value & 1) != 0;
        separateDeactivation = (value & 2) != 0;
    }

    private void WriteBinaryPoint1(int value)
    {
        // 12.2.6: writes are ignored while Group 1 shares Group 0's binary point.
        if (!commonBinaryPoint)
            binaryPoint1 = Math.Max(value, MinimumBinaryPoint1);
    }

    private void WriteDeactivate(int intid)
    {
        // 12.2.7: with EOImode 0 the write is UNPREDICTABLE; here ignored.
        if (separateDeactivation)
            Deactivate(intid);
    }
}
